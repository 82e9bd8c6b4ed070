// SPDX-License-Identifier: Apache-2.0

import SendGuard

/// The experiments with attacks that try the same code once for each of many phone numbers.
package enum ReverseExperiment {
    private static let numbers = 10_000
    private static let usersPerHour = 1_000
    private static let codes = 1_000_000.0

    private static let columns: [SimulationTable.Column] = [
        .init(key: "attack", title: "attack"),
        .init(key: "numbers", title: "numbers"),
        .init(key: "bound", title: "bound"),
        .init(key: "attempts", title: "attempts before the breaker", isCharted: true),
        .init(key: "secondsToBlock", title: "blocked after"),
        .init(key: "allAttempts", title: "all attempts"),
        .init(key: "probability", title: "probability"),
        .init(key: "authgear", title: "Authgear", isCharted: true),
        .init(key: "numberLimits", title: "number limits", isCharted: true),
        .init(key: "users", title: "users"),
        .init(key: "refused", title: "refused"),
        .init(key: "challenged", title: "challenged"),
    ]

    /// The experiments, each with the pause of its attack.
    ///
    /// A pause is the number of seconds between the attempts for two successive phone numbers.
    ///
    /// The breaker is the rule that counts failed attempts in a leaky bucket. All experiments except the last measure the
    /// breaker alone, so their rules for unverified sends are off. The last experiment uses all rules.
    package static var experiments: [(experiment: TrafficExperiment, pause: Double)] {
        var alone = TrafficExperiment.policy
        for scope in [GuardScope.homeRegion, .block, .tenant, .source, .network] {
            alone[GuardRule.Name(.unverified, scope)]?.mode = .off
        }
        var checked = alone
        checked.hasHumanCheck = true
        return [
            ("one number a second, this breaker alone", 1.0, alone, Self.usersPerHour),
            ("ten numbers a second, this breaker alone", 0.1, alone, Self.usersPerHour),
            ("one number every 10 s, this breaker alone", 10, alone, Self.usersPerHour),
            ("one number a second without users, this breaker alone", 1, alone, 0),
            ("one number every 10 s without users, this breaker alone", 10, alone, 0),
            ("one number a second, with a human check", 1, checked, Self.usersPerHour),
            ("one number a second, all rules", 1, TrafficExperiment.policy, Self.usersPerHour),
        ]
        .map { name, pause, policy, users in
            let seconds = Int(Double(Self.numbers) * pause)
            var attack = PumpAttack([TrafficExperiment.home], count: Self.numbers, duration: seconds)
            attack.guesses = 1
            var experiment = TrafficExperiment(name: name, policy: policy, attack: attack)
            let count = users * seconds / TrafficExperiment.hour
            experiment.users = HonestLoad(users: count, duration: seconds, numbers: TrafficExperiment.home)
            experiment.bestDay = users * 24 * 3 / 4
            experiment.bound = Self.bound(pause: pause, usersPerHour: users)
            return (experiment, pause)
        }
    }

    /// Returns the table of `otp simulate reverse`.
    package static func table(seed: UInt64, runs: Int, only range: Range<Int>? = nil) async throws -> SimulationTable {
        var rows: [[SimulationTable.Cell]] = []
        let experiments = Self.experiments
        for (experiment, _) in experiments[range ?? experiments.indices] {
            rows.append(Self.row(of: try await experiment.runs(runs, seed: seed), experiment))
        }
        return SimulationTable(name: "reverse", columns: Self.columns, rows: rows)
    }

    /// Returns the number of attempts before the breaker for failed attempts first refused or challenged a request.
    ///
    /// If the breaker admitted all requests, the method returns the number of all attempts.
    package static func attempts(of result: SimulationResult) -> Int {
        result.sendsBefore["\(GuardRule.Name(.failures, .purpose))"] ?? result.attackSends
    }

    private static func row(of runs: [TrafficExperiment.Run], _ experiment: TrafficExperiment) -> [SimulationTable.Cell]
    {
        func range(_ value: (TrafficExperiment.Run) -> Int) -> SimulationTable.Cell {
            let values = runs.map(value)
            return .counts((values.min() ?? 0)...(values.max() ?? 0))
        }
        return [
            .text(experiment.name), .count(Self.numbers), experiment.bound.map { .count($0) } ?? .empty,
            range { Self.attempts(of: $0.service) },
            runs.compactMap(\.service.timeToBlock).max().map { .seconds($0) } ?? .empty,
            range(\.service.attackSends),
            .probability(Double(runs.map(\.service.attackSends).max() ?? 0) / Self.codes),
            range(\.authgear.attackSends), range(\.numberLimits.attackSends),
            range { $0.service.userSends + $0.service.refusedUsers },
            range(\.service.refusedUsers), range(\.service.challengedUsers),
        ]
    }

    /// Returns the number of attempts after which the breaker for failed attempts refuses requests; `nil` if its bucket drains
    /// at least as fast as the attack fills it.
    ///
    /// - Parameters:
    ///   - pause: The number of seconds between two attempts.
    ///   - usersPerHour: The number of users who sign in per hour during the attack.
    /// - Returns: The number of attempts.
    private static func bound(pause: Double, usersPerHour: Int) -> Int? {
        guard
            case .bucket(let bucket) = TrafficExperiment.policy[GuardRule.Name(.failures, .purpose)]?.threshold
        else { return nil }
        let load = HonestLoad(users: 0, duration: 1, numbers: TrafficExperiment.home)
        // Some users type a wrong code before the right code.
        let success = load.conversion * (Double(bucket.credit) - load.typingErrors * Double(bucket.weight))
        let drainedByUsers = Double(usersPerHour) / 3_600 * success
        let (filled, drained) = (Double(bucket.weight) / pause, 1 / Double(bucket.pause) + drainedByUsers)
        guard filled > drained else { return nil }
        // Users arrive at random times, so the bound adds four standard deviations. The attacker types each code 5 seconds
        // after its message, so the bound adds the attempts of 5 seconds.
        let seconds = Double(bucket.capacity) / (filled - drained)
        let deviation = 4 * (seconds * (usersPerHour > 0 ? drained : 0)).squareRoot()
        return Int((seconds / pause + deviation + max(1, 5 / pause)).rounded(.up))
    }
}
