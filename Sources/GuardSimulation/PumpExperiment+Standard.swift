// SPDX-License-Identifier: Apache-2.0

import SMSKit
package import SendGuard

extension PumpExperiment {
    private static let hour = 3_600
    private static let day = 86_400

    /// The policy of the experiments: Singapore is the home region, and no budget is in the way.
    package static var policy: GuardPolicy {
        var policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 1_000_000))
        policy.tenantBudget = .init(messages: 1_000_000)
        return policy
    }

    /// The experiments of `otp simulate pump`.
    package static var standard: [Self] { Self.withoutHistory + Self.inHomeRegion + Self.collusion + Self.ofUsers }

    /// Attacks on one block, or on a region without users: at most 30 messages in a week.
    package static var withoutHistory: [Self] {
        let (block, homeBlock, region) = (("+3712345", 4), ("+659123", 4), ("+3712", 7))
        var consecutive = Self.attack("consecutive numbers of a block", block, 10_000, over: 8 * Self.hour)
        consecutive.attack?.isConsecutive = true
        var oneAddress = Self.attack("random numbers of a region, one address", region, 10_000, over: 8 * Self.hour)
        oneAddress.attack?.rotatesAddresses = false
        return [
            consecutive,
            Self.attack("random numbers of a block", block, 10_000, over: 8 * Self.hour),
            Self.attack("random numbers of a region", region, 10_000, over: 8 * Self.hour),
            oneAddress,
            Self.attack("burst of a minute on a region", region, 5_000, over: 60),
            Self.attack("burst of a minute on a home block", homeBlock, 5_000, over: 60),
            Self.attack("drip of a week on a block", block, 1_008, over: 7 * Self.day),
            Self.attack("drip of a week on a home block", homeBlock, 1_008, over: 7 * Self.day),
            Self.attack("drip of a week on a region", region, 1_008, over: 7 * Self.day),
        ]
    }

    private static var inHomeRegion: [Self] {
        let spread = Self.attack("random numbers of a home region", ("+659", 7), 20_000, over: Self.day)
        var mixed = Self.attack("the same, behind 10,000 users", ("+659", 7), 20_000, over: Self.day)
        mixed.users = HonestLoad(users: 10_000, duration: Self.day, prefix: "+659", digits: 7)
        // The users drain half a unit for each send, and their history adds a sixteenth.
        mixed.bound = mixed.bound.map { $0 + 10_000 / 2 + 10_000 / 16 }
        return [spread, mixed]
    }

    private static var collusion: [Self] {
        [
            ("a block whose carrier verifies", ("+3712345", 4), 150),
            ("a region whose carriers verify", ("+3712", 7), 1_000),
        ]
        .map { name, numbers, bound in
            var experiment = Self.attack(name, numbers, 10_000, over: 20 * Self.hour)
            experiment.attack?.verifiedAfter = 20
            experiment.bound = bound
            return experiment
        }
    }

    private static var ofUsers: [Self] {
        var home = HonestLoad(users: 10_000, duration: Self.day, prefix: "+659", digits: 7)
        home.usersOfOneAddress = 1_000
        var shared = HonestLoad(users: 1_000, duration: Self.hour, prefix: "+659", digits: 7)
        shared.usersOfOneAddress = 1_000
        let launch = HonestLoad(users: 10_000, duration: Self.day, prefix: "+3712", digits: 7)
        var checked = Self.policy
        checked.hasHumanCheck = true
        var prepared = Self.policy
        prepared.homeRegions.formUnion(Region("LV").map { [$0] } ?? [])
        return [
            Self(name: "10,000 users of a home region", policy: Self.policy, users: home),
            Self(name: "1,000 users an hour behind one address", policy: Self.policy, users: shared),
            Self(name: "launch in a region without history", policy: Self.policy, users: launch),
            Self(name: "the same, with a human check", policy: checked, users: launch),
            Self(name: "the same, as a home region", policy: prepared, users: launch),
        ]
    }

    /// Creates an attack whose bound is the bucket of its block, its home region or its region.
    private static func attack(
        _ name: String,
        _ numbers: (prefix: String, digits: Int),
        _ count: Int,
        over duration: Int
    ) -> Self {
        let attack = PumpAttack(
            name,
            prefix: numbers.prefix,
            digits: numbers.digits,
            count: count,
            duration: duration
        )
        let scope: GuardScope =
            numbers.digits == 4 ? .block : numbers.prefix.hasPrefix("+65") ? .homeRegion : .region
        var bound: Int?
        if case .bucket(let bucket) = Self.policy[GuardRule.Name(.unverified, scope)]?.threshold {
            bound = PumpBound(bucket).messages(within: duration)
        }
        return Self(name: name, policy: Self.policy, attack: attack, bound: bound)
    }
}
