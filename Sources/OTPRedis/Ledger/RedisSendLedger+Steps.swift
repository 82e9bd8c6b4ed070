// SPDX-License-Identifier: Apache-2.0

import Hiredis
import Metrics
import NIOCore
public import SendGuard

extension RedisSendLedger: SendLedger {
    /// Counts a send in all its scopes, unless a scope refuses it.
    public func reserve(_ claim: SendClaim) async throws -> LedgerReply {
        let facts = RedisArgument.bytes(claim.facts.packed(knowing: claim.modesVersion))
        async let originReply = self.reserve(claim.origin, self.keys.origin(claim.origin), facts)
        let sharedKeys = claim.shared.map(self.keys.shared) + [self.keys.modes]
        async let sharedReply = self.reserve(claim.shared, sharedKeys, facts)
        // Both scripts end before an error is thrown. If only one of them succeeded, its count remains until it drains.
        let (origin, shared) = try await (originReply, sharedReply)
        if origin.isAdmitted != shared.isAdmitted {
            let reservation = GuardReservation(claim: claim, time: (origin.isAdmitted ? origin : shared).time)
            // The send is refused even if this call fails. The count then remains until it drains.
            try? await self.release(reservation, ofOrigin: origin.isAdmitted, ofShared: shared.isAdmitted)
        }
        // The groups may be on different servers. The time of the shared group is used.
        let time = claim.shared.isEmpty ? origin.time : shared.time
        return LedgerReply(time: time, findings: origin.findings + shared.findings, modes: shared.modes)
    }

    /// Undoes the count of a message that was definitely rejected.
    public func release(_ reservation: GuardReservation) async throws {
        try await self.release(reservation, ofOrigin: true, ofShared: true)
    }

    /// Records verified sends and failed attempts.
    public func record(_ outcomes: [SendOutcome]) async throws {
        let shared = SendOutcome.sums(outcomes, \.shared)
        var parts = [(shared, shared.map { self.keys.shared($0.scope) })]
        // Each network has its own hash slot.
        for (network, ofNetwork) in Dictionary(grouping: outcomes, by: \.claim.origin.first) {
            guard let network else { continue }
            let origin = SendOutcome.sums(ofNetwork, \.origin)
            parts.append((origin, origin.map { self.keys.origin($0.scope, of: network) }))
        }
        try await withThrowingTaskGroup(of: Void.self) { [parts] group in
            for (sums, keys) in parts {
                for start in stride(from: 0, to: sums.count, by: GuardScripts.mostKeys) {
                    let range = start..<min(start + GuardScripts.mostKeys, sums.count)
                    group.addTask { try await self.record(sums[range], Array(keys[range])) }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Starts, changes or ends a lockdown, which applies to all later decisions.
    public func lockDown(_ scope: ScopeClaim, for duration: Int) async throws {
        let arguments: [RedisArgument] = [.bytes(scope.limits.packed), .integer(Int64(duration))]
        let reply = try await self.evaluate(
            self.scripts.lockdown,
            self.timers.lockdown,
            [self.keys.shared(scope)],
            arguments
        )
        guard try ScriptReply.flag(reply) else { throw ScriptReply.unexpected }
    }

    /// Returns the records of the scopes of a claim as they were last written.
    public func records(of claim: SendClaim) async throws -> [ScopeRecord?] {
        var records: [ScopeRecord?] = []
        for key in self.keys.origin(claim.origin) + claim.shared.map(self.keys.shared) {
            switch try await self.client.send("GET", .text(key)) {
            case .null: records.append(nil)
            case .bulk(let bytes):
                guard let record = ScopeRecord(stored: bytes) else { throw ScriptReply.unexpected }
                records.append(record)
            default: throw ScriptReply.unexpected
            }
        }
        return records
    }
}

extension RedisSendLedger {
    private func reserve(
        _ scopes: [ScopeClaim],
        _ keys: [String],
        _ facts: RedisArgument
    ) async throws -> LedgerReply {
        guard !scopes.isEmpty else { return LedgerReply(time: LedgerTime(seconds: 0), findings: []) }
        let rules = scopes.map { RedisArgument.bytes($0.limits.packed) }
        let reply = try await self.evaluate(self.scripts.reserve, self.timers.reserve, keys, [facts] + rules)
        guard case .bulk(let bytes) = reply else { throw ScriptReply.unexpected }
        return try LedgerReply(packed: bytes)
    }

    private func release(_ reservation: GuardReservation, ofOrigin: Bool, ofShared: Bool) async throws {
        let claim = reservation.claim
        let origin = ofOrigin ? Array(zip(claim.origin, self.keys.origin(claim.origin))) : []
        let shared = ofShared ? claim.shared.map { ($0, self.keys.shared($0)) } : []
        async let first: Void = self.release(reservation, origin)
        async let second: Void = self.release(reservation, shared)
        _ = try await (first, second)
    }

    private func release(_ reservation: GuardReservation, _ scopes: [(ScopeClaim, String)]) async throws {
        let counted = scopes.filter { $0.0.limits.countsSends }
        guard !counted.isEmpty else { return }
        let day = reservation.time.seconds / LedgerTime.secondsPerDay
        let send = RedisArgument.bytes(GuardLayout.Release.pack([reservation.claim.facts.cost, day]))
        let rules = counted.map { RedisArgument.bytes($0.0.limits.packed) }
        let reply = try await self.evaluate(
            self.scripts.release,
            self.timers.release,
            counted.map(\.1),
            [send] + rules
        )
        guard try ScriptReply.flag(reply) else { throw ScriptReply.unexpected }
    }

    private func record(
        _ sums: ArraySlice<(scope: ScopeClaim, successes: Int, failures: Int)>,
        _ keys: [String]
    ) async throws {
        guard !sums.isEmpty else { return }
        let arguments = sums.flatMap { sum -> [RedisArgument] in
            let outcomes = GuardLayout.Outcomes.pack([sum.successes, sum.failures])
            return [.bytes(sum.scope.limits.packed), .bytes(outcomes)]
        }
        let reply = try await self.evaluate(self.scripts.record, self.timers.record, keys, arguments)
        guard try ScriptReply.flag(reply) else { throw ScriptReply.unexpected }
    }

    func evaluate(
        _ script: RedisScript,
        _ timer: Timer,
        _ keys: [String],
        _ arguments: [RedisArgument]
    ) async throws(RedisError) -> RedisReply {
        let start = NIODeadline.now()
        defer { timer.recordTime(since: start) }
        return try await self.client.evaluate(script, keys: keys, arguments: arguments)
    }
}
