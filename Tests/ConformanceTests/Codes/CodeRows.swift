// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTPTesting
import SMSKit
import SeededRandom
import Testing

@testable import OTP

extension Conformance {
    /// Rows of the conformance table about the form, the randomness and the lifetime of codes.
    @Suite struct CodeRows {
        private static func code(_ isMutant: Bool, _ random: inout some RandomNumberGenerator) -> String {
            guard isMutant else { return CodeFormat.digits(6).makeCode(using: &random).text }
            return (0..<6).map { _ in String(UInt8.random(in: .min ... .max, using: &random) % 10) }.joined()
        }

        /// Returns the sum of the chi-square statistics of the digits at each position.
        ///
        /// Each position has 9 degrees of freedom.
        private static func deviation(_ codes: [String]) -> Double {
            var counts = [[Double]](repeating: .init(repeating: 0, count: 10), count: 6)
            for code in codes {
                for (position, digit) in code.utf8.enumerated() { counts[position][Int(digit) - 48] += 1 }
            }
            let mean = Double(codes.count) / 10
            return counts.joined().reduce(0) { $0 + ($1 - mean) * ($1 - mean) / mean }
        }

        @Test("CT-01: codes are uniformly distributed over all values from 000000 to 999999", arguments: Trial.alone)
        func ct01(trial: Trial) async throws {
            try await trial.run(
                mutant: "a generator that computes each digit as a random byte modulo 10",
                fails: "the digits of every position are uniform"
            ) { findings in
                var random = SplitMix64(seed: 20_261_128)
                let codes = (0..<100_000).map { _ in Self.code(trial.isMutant, &random) }
                // With 54 degrees of freedom, a value above 135 has a probability of 1e-8. The seed is fixed, too.
                findings.expect(
                    "the digits of every position are uniform",
                    Self.deviation(codes) < 135,
                    Self.deviation(codes)
                )
                findings.expect("every code has six digits", codes.allSatisfy { $0.utf8.count == 6 })
                guard !trial.isMutant else { return }
                var lowest = ScriptedGenerator(numbers: [1])
                findings.expect("the lowest code is drawn", Self.code(false, &lowest) == "000000")
                // The number 0 is in the part of the range that would make some codes more likely.
                var highest = ScriptedGenerator(numbers: [0, .max])
                findings.expect("a surplus number is drawn again", Self.code(false, &highest) == "999999")
            }
        }

        @Test("CT-02: a service does not start if its codes have fewer than six digits", arguments: Trial.alone)
        func ct02(trial: Trial) async throws {
            try await trial.run(
                mutant: "a service that starts even if its codes have four or five digits",
                fails: "four and five digits are refused"
            ) { findings in
                func starts(_ format: CodeFormat, strict20: Bool = false) -> Bool {
                    var policy = OTPPolicy(destinations: [.singapore])
                    (policy.format, policy.strict20) = (format, strict20)
                    // The mutant replaces only lengths that its own check accepts.
                    if trial.isMutant, format == .digits(4) || format == .digits(5) { policy.format = .digits(6) }
                    return (try? policy.validate()) != nil
                }
                findings.expect("four and five digits are refused", !starts(.digits(4)) && !starts(.digits(5)))
                findings.expect("six digits are accepted", starts(.digits(6)))
                findings.expect("fewer letters and digits are refused", !starts(.alphanumeric(5)))
                findings.expect("six digits are refused if 20 bits are required", !starts(.digits(6), strict20: true))
                findings.expect("six letters have 20 bits", starts(.alphanumeric(6), strict20: true))
            }
        }

        @Test(
            "CT-03: a code is valid for at most ten minutes, and expires exactly at the end of its lifetime",
            arguments: Trial.onStoresAndDoors
        )
        func ct03(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store that keeps codes valid for twice the lifetime that the policy sets",
                fails: "a code expires at the end of its lifetime"
            ) { findings in
                try await trial.withPlace { place in
                    let store = place.altered { $0.limits = { $0.lifetime *= 2 } }
                    let service = try await place.service(on: store)
                    let first = try await service.issue()
                    try place.pass(.milliseconds(299_999))
                    let early = await service.attempt(first.code, first.token)
                    findings.expect("a code is valid until its last millisecond", early == nil, early as Any)
                    let second = try await service.issue()
                    try place.pass(300)
                    let late = await service.attempt(second.code, second.token)
                    findings.expect("a code expires at the end of its lifetime", late?.code == .expired, late as Any)
                }
                var policy = OTPPolicy(destinations: [.singapore])
                findings.expect("the default is five minutes", policy.limits.lifetime == .seconds(300))
                policy.limits.lifetime = .milliseconds(600_001)
                findings.expect("a longer lifetime is refused", (try? policy.validate()) == nil)
            }
        }

        @Test(
            "CT-26: test numbers are permitted only in the test profile, and each fixed code is valid only for its number",
            arguments: Trial.onStoresAndDoors
        )
        func ct26(trial: Trial) async throws {
            try await trial.run(
                mutant: "a service that permits test numbers in every profile",
                fails: "production and development refuse test numbers"
            ) { findings in
                try await trial.withPlace { place in
                    let number = try #require(PhoneNumber(e164: "+447700900123"))
                    func service(_ profile: OTPPolicy.Profile) async throws -> Service {
                        try await place.service { setup in
                            setup.policy.profile = trial.isMutant ? .test : profile
                            setup.policy.testNumbers = [TestNumber(number, code: "161803", until: .distantFuture)]
                        }
                    }
                    for profile in [OTPPolicy.Profile.production, .development] {
                        var refusal: (any Error)?
                        do { _ = try await service(profile) } catch { refusal = error }
                        findings.expect(
                            "production and development refuse test numbers",
                            (refusal as? OTPConfigurationError)?.setting == "testNumbers",
                            refusal as Any
                        )
                    }
                    let service = try await service(.test)
                    let token = try await service.door.issue(for: number, purpose: .signIn).token
                    let error = await service.attempt("161803", token, for: number)
                    findings.expect("the code verifies its number", error == nil, error as Any)
                    findings.expect("no message is sent", service.sms.messages.isEmpty)
                    let other = try await service.issue()
                    guard other.code != "161803" else { return }
                    let refused = await service.attempt("161803", other.token)
                    findings.expect("it verifies no other number", refused?.code == .incorrectCode, refused as Any)
                }
            }
        }

        /// A weak random number generator whose seed is the time in seconds.
        private struct TimeSeeded: RandomNumberGenerator {
            var state: UInt64

            mutating func next() -> UInt64 {
                self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return self.state
            }
        }

        @Test(
            "T20: two processes that start in the same second generate different codes, and leading zeros are kept",
            arguments: Trial.alone
        )
        func t20(trial: Trial) async throws {
            try await trial.run(
                mutant: "a random number generator whose seed is the time in seconds",
                fails: "the codes of two processes differ"
            ) { findings in
                func codes(_ count: Int) -> [String] {
                    guard trial.isMutant else {
                        var random = Randomness.system.numbers(16)
                        return (0..<count).map { _ in CodeFormat.digits(6).makeCode(using: &random).text }
                    }
                    var random = TimeSeeded(state: 1_700_000_000)
                    return (0..<count).map { _ in CodeFormat.digits(6).makeCode(using: &random).text }
                }
                // Eight equal codes have a probability of 1e-48.
                findings.expect("the codes of two processes differ", codes(8) != codes(8))
                let many = codes(100_000)
                let groups = Dictionary(grouping: many) { $0.prefix(2) }.mapValues(\.count)
                let deviation = groups.values.reduce(0.0) { $0 + (Double($1) - 1_000) * (Double($1) - 1_000) / 1_000 }
                // With 99 degrees of freedom, a value above 220 has a probability below 1e-10.
                findings.expect("the first digits are uniform", groups.count == 100 && deviation < 220, deviation)
                findings.expect("leading zeros are kept", many.allSatisfy { $0.utf8.count == 6 })
                findings.expect("some codes begin with zero", many.contains { $0.hasPrefix("0") })
            }
        }
    }
}
