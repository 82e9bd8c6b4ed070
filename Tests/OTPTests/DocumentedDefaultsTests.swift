// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import SMSKit
import Testing

/// Tests that the documented default values match the code.
@Suite struct DocumentedDefaultsTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static let limits = OTPLimits()
    private static let lane = DeviceLane()
    private static let policy = OTPPolicy(destinations: [.singapore])

    /// The default value of each setting, in the format of the documented table.
    private static var expected: [String: String] {
        [
            "OTPPolicy.format": self.policy.format.description,
            "OTPPolicy.strict20": self.policy.strict20 ? "on" : "off",
            "OTPPolicy.resend": self.policy.resend.rawValue,
            "OTPPolicy.kinds": self.policy.kinds.map(\.description).sorted().joined(separator: ", "),
            "OTPPolicy.profile": self.policy.profile.rawValue,
            "OTPPolicy.testNumbers": self.policy.testNumbers.isEmpty ? "none" : "some",
            "OTPPolicy.proofLifetime": Self.text(self.policy.proofLifetime),
            "OTPPolicy.deviceLane": self.policy.deviceLane == nil ? "off" : "on",
            "OTPPolicy.deviceTokenLifetime": Self.text(self.policy.deviceTokenLifetime),
            "DeviceLane.sends": self.lane.sends.map(Self.text).joined(separator: ", "),
            "DeviceLane.failures": self.lane.failures.map(Self.text).joined(separator: ", "),
            "DeviceLane.consecutiveFailures": "\(self.lane.consecutiveFailures)",
            "OTPPolicy.sendTimeout": Self.text(self.policy.sendTimeout),
            "OTPPolicy.maximumOverdueSends": "\(self.policy.maximumOverdueSends)",
            "OTPPolicy.maximumPendingSends": "\(self.policy.maximumPendingSends)",
            "OTPLimits.lifetime": Self.text(self.limits.lifetime),
            "OTPLimits.attemptsPerCode": "\(self.limits.attemptsPerCode)",
            "OTPLimits.attemptsPerChallenge": "\(self.limits.attemptsPerChallenge)",
            "OTPLimits.sendsPerChallenge": "\(self.limits.sendsPerChallenge)",
            "OTPLimits.cooldown": self.limits.cooldown.map(Self.text).joined(separator: ", "),
            "OTPLimits.refusedCooldown": self.limits.refusedCooldown.map(Self.text).joined(separator: ", "),
            "OTPLimits.cooldownReset": Self.text(self.limits.cooldownReset),
            "OTPLimits.sends": self.limits.sends.map(Self.text).joined(separator: ", "),
            "OTPLimits.failures": self.limits.failures.map(Self.text).joined(separator: ", "),
            "OTPLimits.consecutiveFailures": "\(self.limits.consecutiveFailures)",
            "OTPLimits.consecutiveFailuresRetention": Self.text(self.limits.consecutiveFailuresRetention),
        ]
    }

    @Test func limitsPageStatesEveryDefault() throws {
        #expect(try Self.documented() == Self.expected)
    }

    @Test func limitsPageListsEverySetting() {
        // `destinations` has no default, and the settings in `limits` have their own rows.
        let names =
            Mirror(reflecting: Self.limits).children.compactMap { $0.label.map { "OTPLimits.\($0)" } }
            + Mirror(reflecting: Self.lane).children.compactMap { $0.label.map { "DeviceLane.\($0)" } }
            + Mirror(reflecting: Self.policy).children.compactMap { $0.label.map { "OTPPolicy.\($0)" } }
        #expect(Set(names).subtracting(["OTPPolicy.destinations", "OTPPolicy.limits"]) == Set(Self.expected.keys))
    }

    @Test(arguments: [
        ("README.md", "Registration"), ("README.md", "Production"), ("Docs/SignUp.md", "SignUp"),
        ("Docs/Gateways.md", "Failover"), ("Docs/HTTP.md", "HTTPRoutes"),
    ])
    func pageShowsTheCompiledExample(page: String, snippet: String) throws {
        let source = try Self.read("Snippets/\(snippet).swift")
        let shown = try #require(source.components(separatedBy: "// snippet.show\n").last)
        #expect(try Self.read(page).contains("```swift\n\(shown)```"))
    }

    @Test func signUpPageStatesTheStatusOfEveryError() throws {
        let table = try Self.read("Docs/SignUp.md").matches(of: /(?m)^\| `(\w+)` \| (\d{3}) \|/)
        let documented = Dictionary(table.map { (String($0.1), Int($0.2)) }) { first, _ in first }
        #expect(table.count == OTPError.Code.all.count)
        for code in OTPError.Code.all {
            #expect(documented[code.description] == OTPError(code, "").httpStatus, "\(code)")
        }
    }

    /// Returns the first two cells of each row about a setting.
    private static func documented() throws -> [String: String] {
        var defaults: [String: String] = [:]
        for line in try self.read("Docs/Limits.md").split(separator: "\n") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let types = ["`OTPLimits.", "`OTPPolicy.", "`DeviceLane."]
            guard cells.count >= 2, types.contains(where: { cells[0].hasPrefix($0) }) else { continue }
            defaults[cells[0].trimmingCharacters(in: ["`"])] = cells[1]
        }
        return defaults
    }

    private static func read(_ path: String) throws -> String {
        try String(contentsOf: self.root.appendingPathComponent(path), encoding: .utf8)
    }

    private static func text(_ limit: WindowLimit) -> String {
        "\(limit.count) in \(self.text(limit.window))"
    }

    /// Returns a duration as text in whole days, whole hours, or seconds.
    private static func text(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        if seconds > 86_400, seconds.isMultiple(of: 86_400) { return "\(seconds / 86_400) days" }
        return seconds.isMultiple(of: 3600) ? "\(seconds / 3600) h" : "\(seconds) s"
    }
}
