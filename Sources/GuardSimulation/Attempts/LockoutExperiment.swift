// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
import SeededRandom

/// An experiment in which an attacker uses up the limits of a phone number while its owner signs in.
package struct LockoutExperiment: Sendable {
    /// The kind of attacker.
    ///
    /// Each attacker uses 50 addresses.
    package enum Attacker: Sendable {
        case none
        /// A stranger requests codes and types wrong codes.
        case stranger
        /// A stranger only requests codes.
        ///
        /// The stranger types no codes, because wrong codes would lock the number. A locked number gets no more messages.
        case requestingStranger
        /// A thief has the owner's device token, which identifies a known device, and types wrong codes.
        case thief

        var strategy: GuessAttack.Strategy { self == .requestingStranger ? .requesting : .immediate }

        var lane: Lane { self == .thief ? .device : .open }
    }

    /// The limits for unknown devices (the open lane) and for known devices (the device lane, `OTPPolicy.deviceLane`).
    ///
    /// If `authgear` is set, the rules of Authgear, another authentication service, also apply.
    struct Rules {
        let lanes: LaneLimits
        var authgear: AuthgearRules?
    }

    private static let signInsPerDay = 2
    private static let addresses = 50

    /// The number of seconds after which the owner stops repeating a refused sign-in.
    private static let patience = 3_600

    /// The name of the experiment in the report.
    package let name: String

    /// The kind of attacker.
    package let attacker: Attacker

    /// Whether the owner has a device token, so that the limits for known devices apply.
    package let isKnownDevice: Bool

    /// The duration of the experiment in weeks.
    package var weeks = 1

    /// The sign-ins, the waits and the messages of one run.
    package struct Result: Sendable {
        /// The share of the owner's sign-ins that failed because of refusals.
        package fileprivate(set) var refused = Proportion(0, of: 0)
        /// The longest wait that ended with a sign-in, in seconds.
        package fileprivate(set) var longestWait = 0
        /// The largest number of messages to the phone number within 24 hours.
        package fileprivate(set) var mostMessagesOfADay = 0
    }

    /// The experiments of `otp simulate lockout`.
    package static var all: [Self] {
        [
            Self(name: "unknown device, no attacker", attacker: .none, isKnownDevice: false),
            Self(name: "unknown device, a stranger for a week", attacker: .stranger, isKnownDevice: false),
            Self(name: "known device, a stranger for a week", attacker: .stranger, isKnownDevice: true),
            Self(name: "known device, a stranger for 4 weeks", attacker: .stranger, isKnownDevice: true, weeks: 4),
            Self(
                name: "known device, a stranger who only requests codes, 4 weeks",
                attacker: .requestingStranger,
                isKnownDevice: true,
                weeks: 4
            ),
            Self(name: "known device, a thief of its token for a week", attacker: .thief, isKnownDevice: true),
        ]
    }

    /// The maximum number of sign-ins that the owner abandons; `nil` if the limits guarantee no maximum.
    package var bound: Int? { self.attacker == .none || (self.isKnownDevice && self.attacker != .thief) ? 0 : nil }

    /// Runs the experiment with the default limits of swift-otp.
    ///
    /// The device lane is on, so known devices have limits of their own.
    package func run(seed: UInt64) throws -> Result { try self.run(Self.service, seed: seed) }

    func run(_ rules: Rules, seed: UInt64) throws -> Result {
        var attack = GuessAttack()
        attack.strategy = self.attacker.strategy
        attack.authgear = rules.authgear
        attack.addresses = Self.addresses
        var run = GuessRun(attack, rules.lanes[self.attacker.lane])
        let owner = rules.lanes[self.isKnownDevice ? .device : .open]
        var result = Result()
        for signIn in self.signIns(seed: seed) {
            var wait: Int? = 0
            while let pause = wait, max(run.time, signIn) + pause <= signIn + Self.patience {
                run.advance(to: max(run.time, signIn) + pause, isAttacking: self.attacker != .none)
                wait = run.signIn(owner)
                if wait == 0 { break }
            }
            result.refused = result.refused + Proportion(wait == 0 ? 0 : 1, of: 1)
            if wait == 0 { result.longestWait = max(result.longestWait, run.time - signIn) }
        }
        result.mostMessagesOfADay = run.mostMessagesOfADay
        return result
    }

    /// Returns the times of the sign-ins.
    ///
    /// A day has two parts, with one sign-in at a random time in each part.
    private func signIns(seed: UInt64) -> [Int] {
        var random = SplitMix64(seed: seed)
        let part = 86_400 / Self.signInsPerDay
        return (0..<7 * self.weeks * Self.signInsPerDay).map { $0 * part + Int.random(in: 0..<part, using: &random) }
    }
}

extension LockoutExperiment {
    private static let columns: [SimulationTable.Column] = [
        .init(key: "owner", title: "owner and attacker"),
        .init(key: "signIns", title: "sign-ins"),
        .init(key: "bound", title: "bound"),
        .init(key: "refused", title: "refused [95 %]", isCharted: true),
        .init(key: "numberLimits", title: "number limits", isCharted: true),
        .init(key: "authgear", title: "Authgear", isCharted: true),
        .init(key: "boundOfTheWait", title: "bound of the wait"),
        .init(key: "longestWait", title: "longest wait"),
        .init(key: "boundOfMessages", title: "bound of the messages"),
        .init(key: "messages", title: "messages a day"),
    ]

    /// The default limits of swift-otp, with separate limits for known devices.
    private static var service: Rules { get throws { Rules(lanes: try LaneLimits(self.policy)) } }

    /// The default policy, with separate limits for known devices (the device lane).
    static var policy: OTPPolicy {
        var policy = OTPPolicy(destinations: [.singapore])
        policy.deviceLane = DeviceLane()
        return policy
    }

    /// The default limits of a phone number, which are the same for known and unknown devices.
    private static var numberLimits: Rules {
        get throws { Rules(lanes: try LaneLimits(OTPPolicy(destinations: [.singapore]))) }
    }

    /// The rules of Authgear, another authentication service.
    ///
    /// Authgear's limits for a region depend on the number of codes that were verified on the region's best day. This number is
    /// 7,500 here.
    private static var authgear: Rules {
        get throws {
            var rules = try self.numberLimits
            rules.authgear = AuthgearRules(bestDay: 7_500)
            return rules
        }
    }

    /// Returns the table of `otp simulate lockout`.
    package static func table(seed: UInt64, runs: Int) throws -> SimulationTable {
        SimulationTable(
            name: "lockout",
            columns: self.columns,
            rows: try self.all.map { try $0.row(seed: seed, runs: runs) }
        )
    }

    private func row(seed: UInt64, runs: Int) throws -> [SimulationTable.Cell] {
        func results(_ rules: Rules) throws -> [Result] {
            try (0..<UInt64(max(1, runs))).map { try self.run(rules, seed: seed &+ $0) }
        }
        func refused(_ results: [Result]) -> SimulationTable.Cell {
            .share(results.map(\.refused).reduce(Proportion(0, of: 0), +))
        }
        let service = try results(Self.service)
        let messages = service.map(\.mostMessagesOfADay)
        let limits = try Self.service.lanes[self.isKnownDevice ? .device : .open]
        return [
            .text(self.name), .count(service.map(\.refused.total).reduce(0, +)),
            self.bound.map { .count($0) } ?? .empty,
            refused(service), refused(try results(Self.numberLimits)), refused(try results(Self.authgear)),
            try self.boundOfTheWait.map { .seconds($0) } ?? .empty, .seconds(service.map(\.longestWait).max() ?? 0),
            .count(NumberBound(limits.values).messages(within: 86_400)),
            .counts((messages.min() ?? 0)...(messages.max() ?? 0)),
        ]
    }

    /// The longest possible wait of the owner for a sign-in, in seconds; `nil` if the wait has no bound.
    ///
    /// After each message that the attacker requests, the owner waits for the cooldown (the minimum time between two messages).
    /// The bound is the longest cooldown, multiplied by the number of messages that the attacker can request.
    package var boundOfTheWait: Int? {
        get throws {
            guard self.bound != nil else { return nil }
            guard self.attacker != .none else { return 0 }
            let limits = try Self.service.lanes[.open]
            let cooldown = Int((limits.cooldown.max() ?? .zero).components.seconds)
            return limits.sends
                .filter { .seconds(cooldown * $0.count) <= $0.window }
                .map { cooldown * $0.count }
                .min()
        }
    }
}
