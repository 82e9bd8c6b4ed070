// SPDX-License-Identifier: Apache-2.0

import OTP
import Synchronization

/// A cache of the scripts for each set of limits.
///
/// A service has one set of limits, and several services may share a store.
final class ScriptCache: Sendable {
    /// Scripts of one set of limits take about 60 KB.
    static let capacity = 128

    private let entries = Mutex<[StoreLimits: Scripts]>([:])

    /// The number of sets of scripts in the cache.
    var count: Int { self.entries.withLock { $0.count } }

    /// Returns the scripts for some limits, and creates them on a miss.
    func scripts(for limits: StoreLimits) -> Scripts {
        if let scripts = self.entries.withLock({ $0[limits] }) { return scripts }
        // Outside the lock, so that no other step waits meanwhile.
        let scripts = Scripts(limits)
        return self.entries.withLock { entries in
            if let earlier = entries[limits] { return earlier }
            // Evicts a random entry: with LRU, cyclic use of more than 128 sets would always miss.
            if entries.count >= Self.capacity, let victim = entries.keys.randomElement() { entries[victim] = nil }
            entries[limits] = scripts
            return scripts
        }
    }
}
