// SPDX-License-Identifier: Apache-2.0

public import SendGuard

extension KeyRing {
    /// The keyed hash that names the scopes of a guard.
    ///
    /// It depends on the oldest index key only. So a new index key does not change the names, and the guard keeps its counts. The
    /// removal of the oldest index key resets them once.
    public var scopeHash: ScopeHash {
        // The initializer of a ring rejects an empty list of index keys.
        let key = self.indexKeys[self.indexKeys.count - 1]
        return ScopeHash { bytes in key.scopeName(of: bytes) }
    }
}
