// SPDX-License-Identifier: Apache-2.0

import OTP

/// The experiments that guess the code of one phone number.
package enum GuessExperiment {
    private static let columns: [SimulationTable.Column] = [
        .init(key: "attack", title: "attack"),
        .init(key: "limit", title: "limit of attempts"),
        .init(key: "attempts", title: "attempts"),
        .init(key: "bound", title: "bound"),
        .init(key: "exact", title: "probability", isCharted: true),
        .init(key: "measured", title: "measured [95 %]"),
        .init(key: "authgear", title: "Authgear", isCharted: true),
        .init(key: "numberLimits", title: "5 attempts per code only", isCharted: true),
    ]

    /// Returns the table of `otp simulate guess`.
    package static func table(seed: UInt64, runs: Int) throws -> SimulationTable {
        let immediate = GuessAttack()
        var collecting = immediate
        collecting.strategy = .collecting
        var owner = collecting
        owner.ownerSignsInEvery = 3_600
        var few = immediate
        few.codes = 100
        var (month, year) = (immediate, immediate)
        month.duration = 30 * 86_400
        year.duration = 365 * 86_400
        var thief = immediate
        thief.limits = try LaneLimits(LockoutExperiment.policy).device
        let rows: [(name: String, attack: GuessAttack, runs: Int)] = [
            ("one number for a day", immediate, runs),
            ("the same, with live codes collected", collecting, 0),
            ("the same, while the owner signs in hourly", owner, 0),
            ("one number for a day, with a stolen device token", thief, runs),
            ("one number for a day, 100 codes", few, runs),
            ("one number for 30 days", month, 0), ("one number for a year", year, 0),
        ]
        return SimulationTable(
            name: "guess",
            columns: Self.columns,
            rows: try rows.map { try Self.row($0.name, $0.attack, seed: seed, runs: $0.runs) }
        )
    }

    private static func row(
        _ name: String,
        _ attack: GuessAttack,
        seed: UInt64,
        runs: Int
    ) throws -> [SimulationTable.Cell] {
        let attempts = try attack.runWithoutSuccess()
        let bound = NumberBound(attack.limits)
        // During a lockout, the first attempt for each live code is still allowed, except for the code that caused the lockout.
        let extra = attack.strategy == .collecting ? bound.liveCodes - 1 : 0
        let limit = bound.attempts(within: attack.duration) + extra
        var baseline = attack
        baseline.limits = Self.withoutFailureLimits
        var authgear = baseline
        authgear.authgear = AuthgearRules()
        var measured = Proportion(0, of: 0)
        for run in 0..<UInt64(runs) {
            measured = measured + Proportion(try attack.run(seed: seed &+ run).isSuccessful ? 1 : 0, of: 1)
        }
        return [
            .text(name), .count(limit), .count(attempts.attempts),
            .probability(Double(limit) / Double(attack.codes)), .probability(attempts.probability(of: attack.codes)),
            runs > 0 ? .share(measured) : .empty,
            try Self.baseline(authgear), try Self.baseline(baseline),
        ]
    }

    private static func baseline(_ attack: GuessAttack) throws -> SimulationTable.Cell {
        // A baseline does not stop the attack, so the simulation of a year would take too long.
        guard attack.duration <= 30 * 86_400 else { return .empty }
        return .probability(try attack.runWithoutSuccess().probability(of: attack.codes))
    }

    /// The limits of a service that limits only the attempts for each code.
    private static var withoutFailureLimits: OTPLimits {
        var limits = OTPLimits()
        limits.failures = [WindowLimit(255, per: .seconds(1))]
        limits.consecutiveFailures = 255
        limits.consecutiveFailuresRetention = .seconds(1)
        return limits
    }
}
