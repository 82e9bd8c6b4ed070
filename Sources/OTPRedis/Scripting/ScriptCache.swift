// SPDX-License-Identifier: Apache-2.0

import OTP
import Synchronization

/// A cache of the scripts for each set of limits.
///
/// A service has one set of limits, but several services may share a store.
final class ScriptCache: Sendable {
    /// The maximum number of sets.
    ///
    /// The scripts of one set take about 60 KB.
    static let capacity = 128

    private let entries = Mutex<[StoreLimits: Scripts]>([:])

    /// The number of sets of scripts in the cache.
    var count: Int { self.entries.withLock { $0.count } }

    /// Returns the scripts for a set of limits.
    ///
    /// Scripts that are not in the cache are created.
    func scripts(for limits: StoreLimits) -> Scripts {
        if let scripts = self.entries.withLock({ $0[limits] }) { return scripts }
        // The scripts are created outside of the lock, so that no other step waits in the meantime.
        let scripts = Scripts(limits)
        return self.entries.withLock { entries in
            if let earlier = entries[limits] { return earlier }
            // A random entry is evicted. With LRU, cyclic use of more than 128 sets would never hit the cache.
            if entries.count >= Self.capacity, let victim = entries.keys.randomElement() { entries[victim] = nil }
            entries[limits] = scripts
            return scripts
        }
    }
}
