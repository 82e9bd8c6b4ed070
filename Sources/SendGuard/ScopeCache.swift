// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A cache of scopes with their hashed names, because a hash costs more than the lookup.
///
/// A scope is a set of requests that share limits, such as all requests from one network (``GuardScope``).
final class ScopeCache<Key: Hashable & Sendable, Scopes: Sendable>: Sendable {
    private let capacity: Int
    private let entries = Mutex<[Key: Scopes]>([:])

    /// The number of keys.
    var count: Int { self.entries.withLock { $0.count } }

    /// Creates an empty cache.
    ///
    /// - Parameter capacity: The maximum number of keys. When a further key is added to a full cache, all other keys are
    ///   removed.
    init(capacity: Int) { self.capacity = capacity }

    /// Returns the cached scopes for a key, such as a client network, or creates and caches them.
    func scopes(of key: Key, _ create: () -> Scopes) -> Scopes {
        if let scopes = self.entries.withLock({ $0[key] }) { return scopes }
        // The hashes are computed outside the lock.
        let scopes = create()
        self.entries.withLock { entries in
            if entries[key] == nil, entries.count >= self.capacity { entries.removeAll(keepingCapacity: true) }
            entries[key] = scopes
        }
        return scopes
    }
}
