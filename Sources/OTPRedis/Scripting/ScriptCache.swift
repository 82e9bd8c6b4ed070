// SPDX-License-Identifier: Apache-2.0

import OTP
import Synchronization

/// A cache of the Lua scripts for each set of limits.
///
/// A service usually has one set of limits, but several services may share a store.
final class ScriptCache: Sendable {
    /// The maximum number of sets of limits whose scripts are cached.
    ///
    /// The scripts for one set of limits take about 60 KB.
    static let capacity = 128

    private let entries = Mutex<[StoreLimits: Scripts]>([:])

    /// The number of sets of limits whose scripts are cached.
    var count: Int { self.entries.withLock { $0.count } }

    /// Returns the scripts for a set of limits.
    ///
    /// If the cache does not contain the scripts, the method creates and caches them.
    func scripts(for limits: StoreLimits) -> Scripts {
        if let scripts = self.entries.withLock({ $0[limits] }) { return scripts }
        // The scripts are created outside the lock, so that other calls do not wait.
        let scripts = Scripts(limits)
        return self.entries.withLock { entries in
            if let earlier = entries[limits] { return earlier }
            // The cache evicts a random set. With LRU eviction, cyclic use of more than 128 sets would never hit the cache.
            if entries.count >= Self.capacity, let victim = entries.keys.randomElement() { entries[victim] = nil }
            entries[limits] = scripts
            return scripts
        }
    }
}
