// SPDX-License-Identifier: Apache-2.0

package import OTP
import SMSKit
package import SendGuard

/// Experiments that test whether many concurrent calls can exceed a limit.
package struct RaceExperiment: Sendable {
    /// The store of challenges, which must be empty.
    package let store: any OTPStore

    /// The ledger of the guard, which must be empty.
    package let ledger: any SendLedger

    /// The number of concurrent calls in the first row of the result table.
    ///
    /// In the other rows, the number is a fifth of this value.
    package var callers = 1_000

    private static let columns: [SimulationTable.Column] = [
        .init(key: "callers", title: "concurrent calls"),
        .init(key: "count", title: "calls"),
        .init(key: "expected", title: "expected", isCharted: true),
        .init(key: "admitted", title: "admitted", isCharted: true),
        .init(key: "readThenWrite", title: "if all read before one writes", isCharted: true),
    ]

    /// Creates an experiment.
    package init(store: any OTPStore, ledger: any SendLedger) {
        self.store = store
        self.ledger = ledger
    }

    /// Returns the table of `otp simulate race`.
    package func table(runs: Int) async throws -> SimulationTable {
        let attempts = StoreLimits().attemptsPerCode
        var admitted: [[Int]] = []
        for run in 0..<UInt64(max(1, runs)) {
            admitted.append([
                try await self.sends(run), try await self.requests(run), try await self.attempts(run, code: 1),
                try await self.attempts(run + 1 << 32, code: 2),
            ])
        }
        let few = self.callers / 5
        let rows = [
            ("sends, one message below the budget", self.callers, 1), ("requests for one number", few, 1),
            ("right codes for one challenge", few, 1), ("wrong codes for one challenge", few, attempts),
        ]
        .enumerated()
        .map { index, row -> [SimulationTable.Cell] in
            let counts = admitted.map { $0[index] }
            return [
                .text(row.0), .count(row.1), .count(row.2), .counts((counts.min() ?? 0)...(counts.max() ?? 0)),
                .count(row.1),
            ]
        }
        return SimulationTable(name: "race", columns: Self.columns, rows: rows)
    }

    /// Reserves many sends concurrently while a tenant's budget has one message left, and returns the number of admitted sends.
    private func sends(_ run: UInt64) async throws -> Int {
        var policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 1_000_000))
        policy.rules.removeAll { $0.threshold != .budget }
        policy.tenantBudget = .init(messages: 10)
        let sendGuard = try SMSGuard(policy: policy, ledger: self.ledger, hash: .forSimulations, reportInterval: nil)
        let requests = (0..<self.callers + 9)
            .compactMap { index in
                PhoneNumber(e164: TrafficExperiment.home.number(index))
                    .map { SendRequest(number: $0, tenant: "race-\(run)", purpose: "registration", source: nil) }
            }
        for request in requests.prefix(9) { _ = try await sendGuard.reserve(request) }
        return try await Self.concurrently(requests.count - 9) { index in
            try await sendGuard.reserve(requests[index + 9]).outcome == .allow
        }
    }

    private func requests(_ run: UInt64) async throws -> Int {
        let number = Self.number(run + 2 << 32)
        return try await Self.concurrently(self.callers / 5) { index in
            let challenge = ChallengeReference.numbered(UInt64(index))
            let decision = try await self.store.issue(challenge, code: .of(1), for: number, limits: StoreLimits())
            if case .admitted = decision { return true }
            return false
        }
    }

    /// Verifies a code in concurrent calls, and returns the number of attempts that were compared with the challenge.
    private func attempts(_ run: UInt64, code: Int) async throws -> Int {
        let (number, challenge, limits) = (Self.number(run), ChallengeReference.numbered(run), StoreLimits())
        _ = try await self.store.issue(challenge, code: .of(1), for: number, limits: limits)
        return try await Self.concurrently(self.callers / 5) { _ in
            switch try await self.store.verify(.init(code), of: challenge, for: number, limits: limits) {
            case .matched, .mismatched: true
            case .exhausted, .locked, .absent, .unknownKey: false
            }
        }
    }

    private static func number(_ run: UInt64) -> PhoneNumberIndexes {
        PhoneNumberIndexes(PhoneNumberIndex(bytes: ChallengeReference.numbered(run).id.bytes))
    }

    /// Runs calls concurrently, and counts those that return `true`.
    private static func concurrently(
        _ count: Int,
        _ call: @escaping @Sendable (Int) async throws -> Bool
    ) async throws -> Int {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<count { group.addTask { try await call(index) } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
    }
}

extension Attempt {
    fileprivate init(_ code: Int) { self = ProtectedCode.attempt(code) }
}
