// SPDX-License-Identifier: Apache-2.0

public import SendGuard

extension KeyRing {
    /// The keyed hash that names the scopes of a guard.
    ///
    /// A scope is a set of requests that share limits, such as all requests from one network. The hash depends only on the
    /// first index key. If a new key becomes the first key, all names change, and the guard's counts start again from zero.
    public var scopeHash: ScopeHash {
        // The initializer of a ring rejects an empty list of index keys.
        let key = self.indexKeys[0]
        return ScopeHash { bytes in key.scopeName(of: bytes) }
    }
}
