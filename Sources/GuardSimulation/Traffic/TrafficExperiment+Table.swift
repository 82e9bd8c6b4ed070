// SPDX-License-Identifier: Apache-2.0

import SMSKit
package import SendGuard

extension TrafficExperiment {
    private typealias Cell = SimulationTable.Cell

    private static let columns: [SimulationTable.Column] = [
        .init(key: "traffic", title: "traffic"),
        .init(key: "requests", title: "requests"),
        .init(key: "bound", title: "bound"),
        .init(key: "sent", title: "sent", isCharted: true),
        .init(key: "secondsToBlock", title: "blocked after"),
        .init(key: "cost", title: "cost"),
        .init(key: "authgear", title: "Authgear", isCharted: true),
        .init(key: "numberLimits", title: "number limits", isCharted: true),
        .init(key: "users", title: "users"),
        .init(key: "refused", title: "refused"),
        .init(key: "challenged", title: "challenged"),
        .init(key: "authgearRefused", title: "refused by Authgear"),
    ]

    /// Runs experiments, and returns their table.
    package static func table(
        _ experiments: [Self],
        name: String,
        seed: UInt64,
        runs: Int
    ) async throws -> SimulationTable {
        var rows: [[SimulationTable.Cell]] = []
        for experiment in experiments {
            rows.append(experiment.row(of: try await experiment.runs(runs, seed: seed)))
        }
        return SimulationTable(name: name, columns: Self.columns, rows: rows)
    }

    private func row(of runs: [Run]) -> [SimulationTable.Cell] {
        func attack(_ value: (Run) -> Int) -> Cell { self.attack == nil ? .empty : Self.range(runs.map(value)) }
        func users(_ value: (Run) -> Int) -> Cell { self.users == nil ? .empty : Self.range(runs.map(value)) }
        let sent = runs.map(\.service.attackSends).max() ?? 0
        return [
            .text(self.name),
            attack { $0.service.attackSends + $0.service.attackRefusals },
            self.bound.map { .count($0) } ?? .empty,
            attack(\.service.attackSends),
            runs.compactMap(\.service.timeToBlock).max().map { .seconds($0) } ?? .empty,
            self.attack == nil ? .empty : .money(sent * Self.price),
            attack(\.authgear.attackSends),
            attack(\.numberLimits.attackSends),
            users { $0.service.userSends + $0.service.refusedUsers },
            users(\.service.refusedUsers),
            users(\.service.challengedUsers),
            users(\.authgear.refusedUsers),
        ]
    }

    private static func range(_ values: [Int]) -> SimulationTable.Cell {
        .counts((values.min() ?? 0)...(values.max() ?? 0))
    }

    /// The price of a message in the simulations, in 1/10,000 of a currency unit.
    static let price = 500

    static let hour = 3_600
    static let day = 86_400

    /// The policy of the experiments: Singapore is the home region, and the budgets are too large to be reached.
    package static var policy: GuardPolicy {
        var policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 1_000_000))
        policy.tenantBudget = .init(messages: 1_000_000)
        policy.otherPrice = Self.price
        return policy
    }

    /// Mobile numbers of Singapore, the home region.
    static let home = NumberRange("+659", digits: 7)
    /// A block of 10,000 mobile numbers in Singapore.
    static let homeBlock = NumberRange("+659123", digits: 4)
    /// Mobile numbers of Latvia, a region without history.
    static let region = NumberRange("+3712", digits: 7)
    /// A block of 10,000 mobile numbers in Latvia.
    static let block = NumberRange("+3712345", digits: 4)

    /// Returns the maximum number of messages that a scope's bucket for unverified sends admits if no code is verified; `nil`
    /// if the scope has no such bucket.
    static func bound(_ scope: GuardScope, within seconds: Int) -> Int? {
        guard case .bucket(let bucket) = Self.policy[GuardRule.Name(.unverified, scope)]?.threshold else { return nil }
        return PumpBound(bucket).messages(within: seconds)
    }

    /// Returns the maximum number of messages of an attack while users of the same scope verify codes; `nil` if the scope has
    /// no bucket for unverified sends.
    ///
    /// A user's request adds one unit to the scope's bucket for unverified sends, and a verified code removes two units. Three
    /// quarters of the users verify their code. On average, a user therefore removes half a unit (`2 * 3/4 - 1`). Each verified
    /// code also adds a sixteenth of a unit to the capacity. To be on the safe side, the bound counts a sixteenth for every user.
    static func bound(_ scope: GuardScope, behind users: Int, within seconds: Int) -> Int? {
        guard case .bucket(let bucket) = Self.policy[GuardRule.Name(.unverified, scope)]?.threshold else { return nil }
        return PumpBound(bucket).messagesBehindUsers(within: seconds) + users / 2 + users / 16
    }
}
