// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import SMSKit
import Testing

@testable import OTPEnvironment

/// Tests of the variables of test numbers.
struct TestNumberSettingsTests {
    private static let list = "+447700900123=161803@2027-01-31, +12015550123=271828@2026-12-31"

    @Test("The test profile reads numbers, codes and last days") func list() throws {
        let settings = Environment.settings(["OTP_PROFILE": "test", "OTP_TEST_NUMBERS": Self.list])
        let policy = try settings.policy()
        try policy.validate()
        #expect(policy.profile == .test)
        #expect(
            policy.testNumbers == [
                TestNumber(
                    try PhoneNumber("+447700900123"),
                    code: "161803",
                    until: Date(timeIntervalSince1970: 1_801_440_000)
                ),
                TestNumber(
                    try PhoneNumber("+12015550123"),
                    code: "271828",
                    until: Date(timeIntervalSince1970: 1_798_761_600)
                ),
            ]
        )
    }

    @Test(
        "Without the test profile, test numbers are an error",
        arguments: [nil, "", "production", "development"] as [String?]
    )
    func production(profile: String?) throws {
        let settings = Environment.settings(["OTP_PROFILE": profile, "OTP_TEST_NUMBERS": Self.list])
        let error = #expect(throws: OTPSettingsError.self) { try settings.policy() }
        #expect(error?.variable == "OTP_TEST_NUMBERS")
        #expect(error?.description.contains("161803") == false)
    }

    @Test("By default, there is the development profile without test numbers") func defaults() throws {
        let policy = try Environment.settings().policy()
        #expect(policy.profile == .development && policy.testNumbers.isEmpty)
    }

    @Test("Another profile is an error", arguments: ["Test", "staging", "test "]) func otherProfile(profile: String) {
        let error = #expect(throws: OTPSettingsError.self) {
            try Environment.settings(["OTP_PROFILE": profile]).policy()
        }
        #expect(error?.variable == "OTP_PROFILE")
    }

    @Test(
        "A faulty entry is named by its position",
        arguments: [
            "", "+447700900123", "+447700900123=161803", "+447700900123=161803@", "+447700900123=161803@2027-02-30",
            "+447700900123=161803@2027-1-31", "+447700900123=161803@31.01.2027", "447700900123=161803@2027-01-31",
            "+447700900123=1=2@2027-01-31", "+447700900123=161803@2027-01-31@", "+44770=161803@2027-01-31",
            "+447700900123=161803@2027-01-31T00:00:00Z",
        ]
    )
    func faultyEntry(entry: String) {
        let list = "+12015550123=271828@2026-12-31,\(entry)"
        let settings = Environment.settings(["OTP_PROFILE": "test", "OTP_TEST_NUMBERS": list])
        let error = #expect(throws: OTPSettingsError.self) { try settings.policy() }
        #expect(error?.problem == "entry 2 is not a test number", "\(entry)")
    }
}
