// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SendGuard

extension TrafficExperiment {
    /// The experiments of `otp simulate launch`: many users arrive in a region that had few or no users.
    package static var launch: [Self] {
        let users = HonestLoad(users: 10_000, duration: self.day, numbers: self.region)
        var grown = Self(name: "growth from 200 users a day to 10,000", policy: self.policy, users: users)
        grown.history = HonestLoad(users: 1_400, duration: 7 * self.day, numbers: self.region)
        grown.history?.start = -7 * self.day
        let new = Self(name: "launch in a region without history", policy: self.policy, users: users)
        return [new, grown]
            .flatMap { experiment in
                var checked = experiment.renamed("the same, with a human check")
                checked.policy.hasHumanCheck = true
                var prepared = experiment.renamed("the same, as a home region")
                prepared.policy.homeRegions.formUnion(Region("LV").map { [$0] } ?? [])
                let expected = experiment.renamed("the same, with expected growth").expectingGrowth
                return [experiment, checked, prepared, expected]
            }
    }

    /// The same experiment with a policy that allows 12,000 messages a day in each region other than home regions.
    ///
    /// The policy also has a larger bucket for unverified sends.
    private var expectingGrowth: Self {
        var experiment = self
        experiment.policy[GuardRule.Name(.growth, .region)]?.threshold = .growth(floor: 12_000, factor: 1)
        let name = GuardRule.Name(.unverified, .region)
        if case .bucket(var bucket)? = experiment.policy[name]?.threshold {
            bucket.capacity = 100
            experiment.policy[name]?.threshold = .bucket(bucket)
        }
        return experiment
    }

    /// The experiments of `otp simulate bomb`: many requests for the same phone numbers.
    package static var bomb: [Self] {
        let week = 7 * self.day
        var day = self.attack("one number, a request every 10 s for a day", self.home, 8_640, self.day - 1) {
            $0.order = .repeated(1)
        }
        day.bound = NumberBound().messages(within: self.day)
        var long = self.attack("one number, a request a minute for a week", self.homeBlock, 10_080, week) {
            $0.order = .repeated(1)
        }
        // The limits of the block may be stricter than the limits of the phone number.
        long.bound = long.bound.map { min($0, NumberBound().messages(within: week)) }
        var many = self.attack(
            "100 numbers, a request for each number every 15 minutes",
            self.home,
            9_600,
            self.day - 1
        ) {
            $0.order = .repeated(100)
        }
        many.bound = many.bound.map { min($0, 100 * NumberBound().messages(within: self.day)) }
        return [day, long, many]
    }
}
