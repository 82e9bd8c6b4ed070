// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SendGuard

extension TrafficExperiment {
    /// The experiments of `otp simulate pump`: SMS pumping attacks, and users without an attack.
    package static var pump: [Self] {
        self.withoutHistory + self.severalRegions + self.refusedNumbers + self.inHomeRegion + self.inGrowth
            + self.collusion + self.ofUsers
    }

    /// Attacks of up to one week on one number block, or on a region without users.
    ///
    /// The guard admits at most 30 messages of each attack.
    package static var withoutHistory: [Self] {
        let (working, week) = (8 * self.hour, 7 * self.day)
        return [
            self.attack("consecutive numbers of a block", self.block, 10_000, working) { $0.order = .consecutive },
            self.attack("random numbers of a block", self.block, 10_000, working),
            self.attack("random numbers of a region", self.region, 10_000, working),
            self.attack("runs of last digits in a region", self.region, 10_000, working) { $0.order = .runs },
            self.attack("random numbers of a region, one address", self.region, 10_000, working) {
                $0.rotatesAddresses = false
            },
            self.attack("burst of a minute on a region", self.region, 5_000, 60),
            self.attack("burst of a minute on a home block", self.homeBlock, 5_000, 60),
            self.attack("drip of a week on a block", self.block, 1_008, week),
            self.attack("drip of a week on a home block", self.homeBlock, 1_008, week),
            self.attack("drip of a week on a region", self.region, 1_008, week),
        ]
    }

    /// Mobile numbers of 20 regions that fraud reports often mention.
    private static let risky: [NumberRange] = [
        ("+99450", 7), ("+88017", 8), ("+99890", 7), ("+99291", 7), ("+996555", 6), ("+96393", 7), ("+96771", 7),
        ("+24991", 7), ("+92300", 7), ("+9471", 7), ("+63917", 7), ("+62812", 8), ("+85512", 6), ("+85620", 8),
        ("+959", 9), ("+9607", 6), ("+25377", 6), ("+37491", 6), ("+97798", 8), ("+21365", 7),
    ]
    .map { NumberRange($0.0, digits: $0.1) }

    private static var severalRegions: [Self] {
        let seconds = 8 * self.hour
        var one = self.attack("20 regions from one address", self.region, 10_000, seconds) {
            $0.ranges = self.risky
            $0.rotatesAddresses = false
        }
        // The address can send to only 3 regions, and each region has its own bucket.
        one.bound = self.bound(.region, within: seconds).map { 3 * $0 }
        var many = self.attack("20 regions, each request from a new address", self.region, 10_000, seconds) {
            $0.ranges = self.risky
        }
        many.bound = self.bound(.region, within: seconds).map { self.risky.count * $0 }
        return [one, many]
    }

    /// Attacks with phone numbers that the destination check refuses before any limit applies.
    private static var refusedNumbers: [Self] {
        [
            ("numbers whose length is wrong", NumberRange("+3712", digits: 9)),
            ("premium numbers", NumberRange("+44909", digits: 7)),
            ("shared-cost numbers", NumberRange("+44843", digits: 7)),
            ("toll-free numbers", NumberRange("+44800", digits: 7)),
            ("satellite numbers", NumberRange("+8816", digits: 8)),
        ]
        .map { name, range in
            var experiment = self.attack(name, range, 1_000, self.hour)
            experiment.bound = 0
            return experiment
        }
    }

    private static var inHomeRegion: [Self] {
        let spread = self.attack("random numbers of a home region", self.home, 20_000, self.day)
        var mixed = self.attack("the same, behind 10,000 users", self.home, 20_000, self.day)
        mixed.users = HonestLoad(users: 10_000, duration: self.day, numbers: self.home)
        mixed.bestDay = 7_500
        mixed.bound = self.bound(.homeRegion, behind: 10_000, within: self.day)
        var checked = mixed.renamed("the same, with a human check")
        checked.policy.hasHumanCheck = true
        return [spread, mixed, checked]
    }

    /// Attacks on a region that had 200 users a day in the previous week, and has 1,000 users on the day of the attack.
    private static var inGrowth: [Self] {
        var hidden = self.attack("a growing region, behind its 1,000 users", self.region, 10_000, self.day)
        hidden.users = HonestLoad(users: 1_000, duration: self.day, numbers: self.region)
        hidden.history = HonestLoad(users: 1_400, duration: 7 * self.day, numbers: self.region)
        hidden.history?.start = -7 * self.day
        hidden.bestDay = 150
        hidden.bound = self.bound(.region, behind: 1_000, within: self.day)
        var verified = hidden.renamed("the same, and its carriers enter the codes")
        verified.attack?.verifiedAfter = 20
        // The bound is the growth limit, with 200 verified users on the best recent day.
        if case .growth(let floor, let factor)? = self.policy[GuardRule.Name(.growth, .region)]?.threshold {
            verified.bound = floor + factor * 200
        }
        return [hidden, verified]
    }

    private static var collusion: [Self] {
        var budget = self.attack("a home region whose carriers enter the codes", self.home, 10_000, 20 * self.hour)
        budget.policy.serviceBudget = .init(messages: 5_000, money: 2_000 * self.price)
        budget.bound = 2_000
        let ranges = [
            ("a block whose carrier enters the codes", self.block, 150),
            ("a region whose carriers enter the codes", self.region, 1_000),
        ]
        let growth = ranges.map { name, range, bound in
            var experiment = self.attack(name, range, 10_000, 20 * self.hour)
            experiment.bound = bound
            return experiment
        }
        return (growth + [budget])
            .map { experiment in
                var experiment = experiment
                experiment.attack?.verifiedAfter = 20
                return experiment
            }
    }

    private static var ofUsers: [Self] {
        var home = Self(name: "10,000 users of a home region", policy: self.policy)
        home.users = HonestLoad(users: 10_000, duration: self.day, numbers: self.home)
        home.users?.usersOfOneAddress = 1_000
        home.bestDay = 7_500
        var shared = Self(name: "1,000 users an hour behind one address", policy: self.policy)
        shared.users = HonestLoad(users: 1_000, duration: self.hour, numbers: self.home)
        shared.users?.usersOfOneAddress = 1_000
        shared.bestDay = 7_500
        return [home, shared]
    }

    /// Creates an experiment with an attack on one scope: a block of 10,000 numbers, the home region or another region.
    ///
    /// The bound of the experiment is the maximum number of messages that the scope's leaky bucket for unverified sends admits
    /// during the attack.
    static func attack(
        _ name: String,
        _ range: NumberRange,
        _ count: Int,
        _ duration: Int,
        _ change: (inout PumpAttack) -> Void = { _ in }
    ) -> Self {
        var attack = PumpAttack([range], count: count, duration: duration)
        change(&attack)
        let scope: GuardScope = range.digits == 4 ? .block : range.prefix.hasPrefix("+65") ? .homeRegion : .region
        let bound = self.bound(scope, within: duration)
        return Self(name: name, policy: self.policy, attack: attack, bound: bound)
    }

    func renamed(_ name: String) -> Self {
        var experiment = self
        experiment.name = name
        return experiment
    }
}
