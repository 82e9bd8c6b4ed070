// SPDX-License-Identifier: Apache-2.0

extension SMSGuard {
    /// Returns the states of all rules that apply to a request, without counting a send.
    ///
    /// - Parameter request: The request. If the request has no source, the rules of sources and networks are omitted.
    /// - Returns: The ledger's time, and the states, sorted by scope and then by measure (``GuardMeasure``).
    /// - Throws: An error of the ledger.
    public func explain(_ request: SendRequest) async throws -> (time: LedgerTime, states: [RuleState]) {
        let (modes, time) = try await self.ledger.modes()
        self.scopes.apply(modes)
        var claim = self.scopes.table.claim(for: request)
        if request.source == nil { claim.origin = [] }
        let records = try await self.ledger.records(of: claim)
        let states = zip(claim.origin + claim.shared, records)
            .flatMap { scope, record in
                (record ?? ScopeRecord(at: time)).states(scope.limits, at: time)
            }
        return (time, states)
    }
}
