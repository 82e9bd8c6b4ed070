// SPDX-License-Identifier: Apache-2.0

import Synchronization
import SystemRandom

/// Creates random names of decisions, with one system call for 16 names.
final class DecisionNames: Sendable {
    private let entropy = Mutex(SystemEntropy(count: 32))

    /// Returns a new name.
    func next() -> DecisionID { self.entropy.withLock { DecisionID(using: &$0) } }
}
