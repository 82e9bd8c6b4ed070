// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The scopes of a guard, with the modes that operators set at run time.
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

    /// The scopes, with the modes of the latest reply from the ledger.
    var table: ScopeTable { self.latest.withLock { $0 } }

    /// Applies the modes of a ledger's reply to all later requests.
    ///
    /// Replies can arrive out of order. If older modes are applied last, the next request has an outdated version. The reply to
    /// that request therefore contains the current modes.
    func apply(_ modes: GuardModes) {
        let table = ScopeTable(self.policy.applying(modes), self.hash, modesVersion: modes.version)
        self.latest.withLock { $0 = table }
    }
}
