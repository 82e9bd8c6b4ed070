// SPDX-License-Identifier: Apache-2.0

public import SendGuard

extension KeyRing {
    /// The keyed hash that names the scopes of a guard.
    ///
    /// It uses the first index key. When a rotation puts a new index key first, the guard starts with empty counts.
    public var scopeHash: ScopeHash {
        // The initializer of a ring rejects an empty list of index keys.
        let key = self.indexKeys[0]
        return ScopeHash { bytes in key.scopeName(of: bytes) }
    }
}
