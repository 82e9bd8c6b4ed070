// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The scopes of a guard (``GuardScope``), with the rule modes that operators set at run time (``GuardModes``).
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
    /// Replies can arrive out of order, so older modes may be applied last. The next request corrects this: it contains the
    /// version of the older modes (``GuardModes/version``), and the ledger replies with the current modes.
    func apply(_ modes: GuardModes) {
        let table = ScopeTable(self.policy.applying(modes), self.hash, modesVersion: modes.version)
        self.latest.withLock { $0 = table }
    }
}
