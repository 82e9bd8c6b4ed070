// SPDX-License-Identifier: Apache-2.0

public import SendGuard

extension KeyRing {
    /// The keyed hash for the names of the guard's scopes, which is derived from the first index key.
    ///
    /// With another first index key, the counts of the guard begin anew.
    public var scopeHash: ScopeHash {
        let key = self.indexKeys[0]
        return ScopeHash { key.scopeName(of: $0) }
    }
}
