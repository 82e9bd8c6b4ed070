// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The current scopes of a guard.
///
/// The rules of the scopes have the modes that operators set at run time.
final class CurrentScopes: Sendable {
    /// The policy without run-time modes.
    let policy: GuardPolicy
    private let hash: ScopeHash
    private let latest: Mutex<ScopeTable>

    init(_ policy: GuardPolicy, _ hash: ScopeHash) {
        self.policy = policy
        self.hash = hash
        self.latest = Mutex(ScopeTable(policy, hash))
    }

    /// The scopes with the modes that the ledger returned last.
    var table: ScopeTable { self.latest.withLock { $0 } }

    /// Uses the modes of a ledger's reply, starting with the next request.
    ///
    /// Replies can overtake each other. If the older modes are applied last, the next reply contains the newer modes again.
    func apply(_ modes: GuardModes) {
        let table = ScopeTable(self.policy.applying(modes), self.hash, modesVersion: modes.version)
        self.latest.withLock { $0 = table }
    }
}
