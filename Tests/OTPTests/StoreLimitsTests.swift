// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import Testing

/// Tests of the ranges of limits, in a store and in a policy.
@Suite struct StoreLimitsTests {
    /// A limit that can be set to a number, in milliseconds for a duration.
    struct Field: Sendable {
        let name: String
        let store: ClosedRange<Int64>
        let policy: ClosedRange<Int64>
        let set: @Sendable (inout OTPLimits, Int64) -> Void
    }

    private static let longest: Int64 = 400 * 86_400_000

    static let fields = [
        Field(name: "lifetime", store: 1...600_000, policy: 60_000...600_000) { $0.lifetime = .milliseconds($1) },
        Field(name: "attemptsPerCode", store: 1...31, policy: 1...10) { $0.attemptsPerCode = Int($1) },
        Field(name: "attemptsPerChallenge", store: 1...31, policy: 5...20) { $0.attemptsPerChallenge = Int($1) },
        Field(name: "sendsPerChallenge", store: 1...255, policy: 1...5) { $0.sendsPerChallenge = Int($1) },
        Field(name: "cooldown", store: 0...Self.longest, policy: 1_000...86_400_000) {
            $0.cooldown = [.seconds(5), .milliseconds($1)]
        },
        Field(name: "refusedCooldown", store: 0...Self.longest, policy: 1_000...86_400_000) {
            $0.refusedCooldown = [.milliseconds($1)]
        },
        Field(name: "cooldownReset", store: 1...Self.longest, policy: 600_000...7 * 86_400_000) {
            $0.cooldownReset = .milliseconds($1)
        },
        Field(name: "sends", store: 1...1_000, policy: 1...200) { $0.sends[1].count = Int($1) },
        Field(name: "sends", store: 1...Self.longest, policy: 1_000...Self.longest) {
            $0.sends[2].window = .milliseconds($1)
        },
        Field(name: "failures", store: 1...255, policy: 1...200) { $0.failures[0].count = Int($1) },
        Field(name: "failures", store: 1...Self.longest, policy: 1_000...Self.longest) {
            $0.failures[2].window = .milliseconds($1)
        },
        Field(name: "consecutiveFailures", store: 1...255, policy: 1...100) { $0.consecutiveFailures = Int($1) },
        Field(name: "consecutiveFailuresRetention", store: 1...Self.longest, policy: 30 * 86_400_000...Self.longest) {
            $0.consecutiveFailuresRetention = .milliseconds($1)
        },
    ]

    @Test(arguments: Self.fields.indices) func limitsAreCheckedAtTheirBorders(_ position: Int) throws {
        let field = Self.fields[position]
        var random = SeededGenerator(seed: UInt64(position))
        var values: [Int64] = [.min, .max, 0, -1, 224, 225, 256, 65_535, 65_536, .max / 1_000, .max / 1_000 + 1]
        for range in [field.store, field.policy] {
            values += [range.lowerBound - 1, range.lowerBound, range.upperBound, range.upperBound + 1]
            values += (0..<20).map { _ in Int64.random(in: range, using: &random) }
        }
        for value in values {
            var limits = OTPLimits()
            field.set(&limits, value)
            #expect((Self.errorOfStore(limits) == nil) == field.store.contains(value), "\(field.name) \(value)")
            #expect((Self.errorOfPolicy(limits) == nil) == field.policy.contains(value), "\(field.name) \(value)")
            for error in [Self.errorOfStore(limits), Self.errorOfPolicy(limits)].compactMap(\.self) {
                #expect(error.setting == field.name)
            }
        }
    }

    /// The durations exceed a 64-bit number of milliseconds, or are fractions of a millisecond.
    @Test(arguments: [
        Duration.seconds(Int64.max), .seconds(Int64.min), .seconds(Int64.max / 1_000 + 1), .milliseconds(Int64.max),
        .nanoseconds(1), .milliseconds(90_000) + .microseconds(1), .seconds(-1),
    ])
    func spansOutOfRangeAreRefusedWithoutATrap(_ span: Duration) {
        let changes: [(inout OTPLimits) -> Void] = [
            { $0.lifetime = span }, { $0.cooldown = [span] }, { $0.cooldown = [.seconds(60), span] },
            { $0.refusedCooldown = [span] }, { $0.cooldownReset = span }, { $0.sends = [WindowLimit(100, per: span)] },
            { $0.failures = [WindowLimit(100, per: span)] }, { $0.consecutiveFailuresRetention = span },
        ]
        for change in changes {
            var limits = OTPLimits()
            change(&limits)
            #expect(Self.errorOfStore(limits) != nil)
            #expect(Self.errorOfPolicy(limits) != nil)
        }
        guard span < .seconds(1) || span > .seconds(600) else { return }
        var policy = OTPPolicy(destinations: [.singapore])
        policy.proofLifetime = span
        #expect(throws: OTPConfigurationError.self) { try policy.validate() }
        policy.proofLifetime = .seconds(600)
        policy.sendTimeout = span
        #expect(throws: OTPConfigurationError.self) { try policy.validate() }
    }

    @Test func listsHaveOneToSixteenWaitsAndOneToEightWindows() {
        let changes: [(Int, (inout OTPLimits, Int) -> Void)] = [
            (16, { $0.cooldown = Array(repeating: .seconds(1), count: $1) }),
            (16, { $0.refusedCooldown = Array(repeating: .seconds(1), count: $1) }),
            (8, { $0.sends = Array(repeating: WindowLimit(1, per: .seconds(1)), count: $1) }),
            (8, { $0.failures = Array(repeating: WindowLimit(1, per: .seconds(1)), count: $1) }),
        ]
        for (most, change) in changes {
            for count in [0, 1, most, most + 1, 1_000] {
                var limits = OTPLimits()
                change(&limits, count)
                #expect((Self.errorOfStore(limits) == nil) == (1...most).contains(count))
                #expect((Self.errorOfPolicy(limits) == nil) == (1...most).contains(count))
            }
        }
    }

    @Test func equalLimitsAreEqualWithoutSharedStorage() throws {
        #expect(try StoreLimits(OTPLimits()) == StoreLimits())
        #expect(try StoreLimits(OTPLimits()).hashValue == StoreLimits().hashValue)
        var other = OTPLimits()
        other.failures[1].count = 21
        #expect(try StoreLimits(other) != StoreLimits())
        #expect(StoreLimits().values == OTPLimits() && StoreLimits().lifetime == .seconds(300))
    }

    private static func errorOfStore(_ limits: OTPLimits) -> OTPConfigurationError? {
        do throws(OTPConfigurationError) {
            _ = try StoreLimits(limits)
            return nil
        } catch {
            return error
        }
    }

    private static func errorOfPolicy(_ limits: OTPLimits) -> OTPConfigurationError? {
        var policy = OTPPolicy(destinations: [.singapore])
        policy.limits = limits
        do throws(OTPConfigurationError) {
            try policy.validate()
            return nil
        } catch {
            return error
        }
    }
}
