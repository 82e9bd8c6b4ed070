// SPDX-License-Identifier: Apache-2.0

package import OTP
import SeededRandom

/// A stranger who uses up the limits of a number, and its owner who signs in.
package enum LockoutExperiment {
    private static let days = 7
    private static let signInsPerDay = 2

    /// The seconds for which the owner tries again.
    private static let patience = 900

    private static let columns: [SimulationTable.Column] = [
        .init(key: "owner", title: "owner"),
        .init(key: "signIns", title: "sign-ins"),
        .init(key: "expected", title: "expected"),
        .init(key: "refused", title: "refused [95 %]", isCharted: true),
        .init(key: "messages", title: "messages a day"),
        .init(key: "bound", title: "bound"),
    ]

    /// Returns the table of `otp simulate lockout`.
    ///
    /// - Parameters:
    ///   - seed: The seed of the first run.
    ///   - runs: The number of weeks of each row.
    /// - Returns: The table.
    /// - Throws: An error for invalid limits.
    package static func table(seed: UInt64, runs: Int) throws -> SimulationTable {
        let plain = OTPLimits()
        let rows: [(name: String, stranger: OTPLimits?, owner: OTPLimits, expected: Int?)] = [
            ("without a stranger", nil, plain, 0), ("number limits only", plain, plain, nil),
        ]
        return SimulationTable(
            name: "lockout",
            columns: Self.columns,
            rows: try rows.map { row in
                let weeks = try (0..<UInt64(max(1, runs)))
                    .map { try Self.week(row.stranger, row.owner, seed: seed &+ $0) }
                return [
                    .text(row.name), .count(weeks.map(\.refused.total).reduce(0, +)),
                    row.expected.map { .count($0) } ?? .empty,
                    .share(weeks.map(\.refused).reduce(Proportion(0, of: 0), +)),
                    .counts((weeks.map(\.messages).min() ?? 0)...(weeks.map(\.messages).max() ?? 0)),
                    .count(NumberBound(row.owner).messages(within: 86_400)),
                ]
            }
        )
    }

    /// Simulates a week, and returns the share of refused sign-ins and the maximum number of messages in 24 hours.
    ///
    /// - Parameters:
    ///   - stranger: The limits of the stranger; `nil` without a stranger.
    ///   - owner: The limits of the owner, on the same record.
    ///   - seed: The seed of the times of the sign-ins.
    /// - Returns: The refused sign-ins, and the most messages within 24 hours.
    /// - Throws: An error for invalid limits.
    package static func week(
        _ stranger: OTPLimits?,
        _ owner: OTPLimits,
        seed: UInt64
    ) throws -> (refused: Proportion, messages: Int) {
        var attack = GuessAttack()
        attack.limits = stranger ?? OTPLimits()
        attack.duration = Self.days * 86_400
        var run = GuessRun(attack, try StoreLimits(attack.limits))
        let limits = try StoreLimits(owner)
        var refused = Proportion(0, of: 0)
        for signIn in Self.signIns(seed: seed) {
            var wait: Int? = 0
            while let pause = wait, max(run.time, signIn) + pause <= signIn + Self.patience {
                run.advance(to: max(run.time, signIn) + pause, isAttacking: stranger != nil)
                wait = run.signIn(limits)
                if wait == 0 { break }
            }
            refused = refused + Proportion(wait == 0 ? 0 : 1, of: 1)
        }
        return (refused, run.mostMessagesOfADay)
    }

    /// Returns the times of the sign-ins, one in each part of a day.
    private static func signIns(seed: UInt64) -> [Int] {
        var random = SplitMix64(seed: seed)
        let part = 86_400 / Self.signInsPerDay
        return (0..<Self.days * Self.signInsPerDay).map { $0 * part + Int.random(in: 0..<part, using: &random) }
    }
}
