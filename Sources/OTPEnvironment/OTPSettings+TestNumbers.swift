// SPDX-License-Identifier: Apache-2.0

import Foundation
public import OTP
import SMSKit

extension OTPSettings {
    /// The profile from `OTP_PROFILE`; the default is `development`.
    public var profile: OTPPolicy.Profile {
        get throws(OTPSettingsError) {
            guard let text = self.value(.profile) else { return .development }
            guard let profile = OTPPolicy.Profile(rawValue: text) else {
                throw self.invalid(.profile, "it is not a profile")
            }
            return profile
        }
    }

    /// The test numbers from `OTP_TEST_NUMBERS`, which only the profile `test` allows.
    public var testNumbers: [TestNumber] {
        get throws(OTPSettingsError) {
            guard let text = self.value(.testNumbers) else { return [] }
            let profile = try self.profile
            guard profile == .test else {
                throw self.invalid(.testNumbers, "the profile \(profile) allows no test numbers")
            }
            let plan = try self.numberingPlan
            return try self.entries(of: text, in: .testNumbers, "is not a test number") {
                Self.testNumber($0, plan)
            }
        }
    }

    /// Parses an entry such as `+447700900123=123456@2027-01-31`; returns `nil` if the entry is invalid.
    private static func testNumber(_ entry: String, _ plan: NumberingPlan) -> TestNumber? {
        let parts = entry.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = PhoneNumber(e164: String(parts[0]), plan: plan) else {
            return nil
        }
        let rest = parts[1].split(separator: "@", omittingEmptySubsequences: false)
        guard rest.count == 2, let day = self.day(String(rest[1])) else { return nil }
        return TestNumber(number, code: String(rest[0]), until: day.addingTimeInterval(86_400))
    }

    /// Returns the start of a day such as `2027-01-31` in UTC; `nil` if the text is not a valid day.
    private static func day(_ text: String) -> Date? {
        let style = Date.ISO8601FormatStyle().year().month().day()
        // The parser also accepts other formats, and dates that do not exist.
        guard let date = try? Date(text, strategy: style), date.formatted(style) == text else {
            return nil
        }
        return date
    }
}
