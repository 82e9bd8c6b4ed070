// SPDX-License-Identifier: Apache-2.0

public import SendGuard

extension KeyRing {
    /// The keyed hash that names the scopes of a guard.
    ///
    /// The hash depends only on the first index key. A rotation of the index key therefore resets the guard's counts once, when
    /// the new key becomes the first one. Adding a key after the first one, and removing the old key, change no names.
    public var scopeHash: ScopeHash {
        // The initializer of a ring rejects an empty list of index keys.
        let key = self.indexKeys[0]
        return ScopeHash { bytes in key.scopeName(of: bytes) }
    }
}
