// SPDX-License-Identifier: Apache-2.0

import Hiredis
import Metrics
public import SendGuard

extension RedisSendLedger: SendLedger {
    /// Undoes the count of a message that was definitely rejected.
    public func release(_ reservation: GuardReservation) async throws {
        try await self.release(reservation, ofOrigin: true, ofShared: true)
    }

    /// Records verified sends and failed attempts.
    public func record(_ outcomes: [SendOutcome]) async throws {
        let shared = SendOutcome.sums(outcomes, \.shared)
        var calls = self.calls(of: shared) { self.keys.shared($0) }
        // Networks with the same hash tag can share a script call.
        let origins = Dictionary(grouping: outcomes) { $0.claim.origin.first.map(self.keys.origin) }
        for case (let origin?, let ofOrigin) in origins {
            calls += self.calls(of: SendOutcome.sums(ofOrigin, \.origin)) { self.keys.origin($0, at: origin) }
        }
        try await withThrowingTaskGroup(of: Void.self) { [calls] group in
            for call in calls {
                group.addTask {
                    let arguments = call.scopes.arguments + [.bytes(call.sums)]
                    try await self.change(self.scripts.record, self.timers.record, call.scopes.keys, arguments)
                }
            }
            try await group.waitForAll()
        }
    }

    /// Starts, changes or ends a lockdown, during which messages are sent only to known devices and known numbers.
    ///
    /// The change applies to all later decisions.
    public func lockDown(_ scope: ScopeClaim, for duration: Int) async throws {
        var scopes = ScopeBatch()
        scopes.position(of: scope, key: self.keys.shared)
        let arguments = scopes.arguments + [.integer(Int64(duration))]
        try await self.change(self.scripts.lockdown, self.timers.lockdown, scopes.keys, arguments)
    }

    /// Returns the stored records of all scopes (`GuardScope`) of a send; `nil` for a scope without a record.
    public func records(of claim: SendClaim) async throws -> [ScopeRecord?] {
        let keys = self.keys.origin(claim.origin) + claim.shared.map(self.keys.shared)
        return try await withThrowingTaskGroup { group in
            for (position, key) in keys.enumerated() {
                group.addTask { (position, try await self.record(at: key)) }
            }
            return try await group.reduce(into: keys.map { _ in nil }) { $0[$1.0] = $1.1 }
        }
    }

    private func record(at key: String) async throws -> ScopeRecord? {
        switch try await self.client.send("GET", .text(key)) {
        case .null: return nil
        case .bulk(let bytes):
            guard let record = ScopeRecord(stored: bytes) else { throw ScriptReply.unexpected }
            return record
        default: throw ScriptReply.unexpected
        }
    }
}

extension RedisSendLedger {
    /// Undoes the count of a send in some of its scopes.
    ///
    /// - Parameters:
    ///   - reservation: The reservation of the counted send.
    ///   - ofOrigin: Whether to undo the count in the scopes of the client (`SendClaim.origin`).
    ///   - ofShared: Whether to undo the count in all other scopes (`SendClaim.shared`).
    /// - Throws: An error if it is unknown whether the count was undone.
    func release(_ reservation: GuardReservation, ofOrigin: Bool, ofShared: Bool) async throws {
        let claim = reservation.claim
        async let first: Void = self.release(reservation, ofOrigin ? claim.origin : []) {
            self.keys.origin($0, at: self.keys.origin(of: claim.origin[0]))
        }
        async let second: Void = self.release(reservation, ofShared ? claim.shared : [], key: self.keys.shared)
        _ = try await (first, second)
    }

    private func release(
        _ reservation: GuardReservation,
        _ scopes: [ScopeClaim],
        key: (ScopeClaim) -> String
    ) async throws {
        var batch = ScopeBatch()
        for scope in scopes where scope.rules.limits.countsSends { batch.position(of: scope, key: key) }
        guard !batch.keys.isEmpty else { return }
        let day = reservation.time.seconds / LedgerTime.secondsPerDay
        let send = RedisArgument.bytes(GuardLayout.Release.pack([reservation.claim.facts.cost, day]))
        try await self.change(self.scripts.release, self.timers.release, batch.keys, batch.arguments + [send])
    }

    /// Returns the script calls that add the sums of outcomes to the records of the scopes.
    ///
    /// A script call has at most `GuardScripts.mostKeys` records.
    private func calls(
        of sums: [(scope: ScopeClaim, successes: Int, failures: Int)],
        key: (ScopeClaim) -> String
    ) -> [(scopes: ScopeBatch, sums: [UInt8])] {
        stride(from: 0, to: sums.count, by: GuardScripts.mostKeys)
            .map { start in
                var scopes = ScopeBatch()
                var bytes: [UInt8] = []
                for sum in sums[start..<min(start + GuardScripts.mostKeys, sums.count)] {
                    scopes.position(of: sum.scope, key: key)
                    bytes += GuardLayout.Outcomes.pack([sum.successes, sum.failures])
                }
                return (scopes, bytes)
            }
    }

    private func change(
        _ script: RedisScript,
        _ timer: Timer,
        _ keys: [String],
        _ arguments: [RedisArgument]
    ) async throws {
        let reply = try await self.client.evaluate(script, timer, keys, arguments)
        guard try ScriptReply.flag(reply) else { throw ScriptReply.unexpected }
    }
}
