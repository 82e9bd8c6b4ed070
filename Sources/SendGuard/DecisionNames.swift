// SPDX-License-Identifier: Apache-2.0

import Synchronization
import SystemRandom

/// Creates random IDs of decisions.
///
/// One system call supplies the random bytes of 16 IDs.
final class DecisionNames: Sendable {
    private let entropy = Mutex(SystemEntropy(count: 32))

    /// Returns a new ID.
    func next() -> DecisionID { self.entropy.withLock { DecisionID(using: &$0) } }
}
