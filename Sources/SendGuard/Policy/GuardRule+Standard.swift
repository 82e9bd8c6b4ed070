// SPDX-License-Identifier: Apache-2.0

extension GuardRule {
    /// The standard rules.
    ///
    /// `Docs/GuardRules.md` lists the thresholds. `Docs/GuardBounds.md` derives how many messages and guesses the rules admit.
    public static let standard: [GuardRule] =
        budgets + growth + unverified + failures + [
            GuardRule(
                Name(.destinations, .source),
                .challenge,
                .regions(3),
                purpose: "Stops a source that tries one region after another."
            )
        ]

    private static let budgets: [GuardRule] =
        [GuardScope.service, .tenant, .region, .homeRegion]
        .flatMap { scope in
            [
                GuardRule(Name(.messages, scope), .block, .budget, purpose: "Limits the messages of a day."),
                GuardRule(Name(.money, scope), .block, .budget, purpose: "Limits the cost of a day."),
            ]
        }
        + [GuardScope.service, .region, .homeRegion]
        .map { scope in
            GuardRule(Name(.lockdown, scope), .block, .none, purpose: "Admits only known devices and known numbers.")
        }

    private static let growth: [GuardRule] = [
        GuardRule(
            Name(.growth, .block),
            .block,
            .growth(floor: 150, factor: 1),
            purpose: "Limits pumping by a carrier that enters the codes itself."
        ),
        GuardRule(
            Name(.growth, .region),
            .challenge,
            .growth(floor: 1_000, factor: 1),
            purpose: "Limits pumping by the carriers of a region that enter the codes themselves."
        ),
    ]

    private static let unverified: [GuardRule] = [
        GuardRule(
            Name(.unverified, .block),
            .challenge,
            .bucket(.probing(capacity: 15, checked: 60)),
            purpose: "Stops pumping of neighboring numbers."
        ),
        GuardRule(
            Name(.unverified, .region),
            .challenge,
            .bucket(.probing(capacity: 18, checked: 500)),
            purpose: "Stops pumping of a region without users."
        ),
        GuardRule(
            Name(.unverified, .homeRegion),
            .challenge,
            .bucket(.probing(capacity: 500, checked: 2_000)),
            purpose: "Stops pumping of random numbers in a home region."
        ),
        GuardRule(
            Name(.unverified, .tenant),
            .challenge,
            .bucket(.probing(capacity: 500, checked: 2_000)),
            purpose: "Stops an attack on one tenant before it uses up the budget of all tenants."
        ),
        GuardRule(
            Name(.unverified, .source),
            .challenge,
            .bucket(.init(capacity: 40, checkedCapacity: 120, pause: 360, credit: 2, share: 16)),
            purpose: "Slows an address that requests many codes."
        ),
        GuardRule(
            Name(.unverified, .network),
            .challenge,
            .bucket(.init(capacity: 200, checkedCapacity: 600, pause: 72, credit: 2, share: 16)),
            purpose: "Slows a network that rotates its addresses."
        ),
    ]

    private static let failures: [GuardRule] = [
        GuardRule(
            Name(.failures, .purpose),
            .challenge,
            .bucket(.init(capacity: 400, checkedCapacity: 1_200, pause: 9, weight: 2, credit: 1)),
            purpose: "Stops the guessing of one code for many numbers."
        ),
        GuardRule(
            Name(.failures, .source),
            .challenge,
            .bucket(.init(capacity: 40, checkedCapacity: 80, pause: 90, weight: 2, credit: 1)),
            purpose: "Refuses messages for an address that guesses codes."
        ),
        GuardRule(
            Name(.failures, .network),
            .challenge,
            .bucket(.init(capacity: 200, checkedCapacity: 400, pause: 18, weight: 2, credit: 1)),
            purpose: "Refuses messages for a network that guesses codes."
        ),
    ]
}

extension LeakyBucket.Limits {
    /// Returns the limits of a bucket that drains one unit after 15 minutes, the next unit after 30 minutes, and so on.
    ///
    /// Each wait is twice as long as the previous one, up to 32 hours.
    fileprivate static func probing(capacity: Int, checked: Int) -> Self {
        Self(capacity: capacity, checkedCapacity: checked, pause: 900, doublings: 7, credit: 2, share: 16)
    }
}
