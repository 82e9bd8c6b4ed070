// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import Testing

/// Tests of test numbers on the command line.
@Suite(.timeLimit(.minutes(2)))
struct TestNumberTests {
    private static let number = "+447700900123"

    /// A token of 32 zero bytes.
    private static let token = "v1." + String(repeating: "A", count: 43)

    private static func list(until day: String) -> String { "\(self.number)=161803@\(day)" }

    @Test(
        "Without the test profile, every command that uses the policy exits with status 78",
        arguments: [
            ["issue", number], ["verify", number, token, "161803"],
        ]
    )
    func production(arguments: [String]) async throws {
        for profile in [nil, "production", "development"] as [String?] {
            var environment = [
                "OTP_REDIS_URL": "redis://127.0.0.1:1", "OTP_KEYS": KeyRing.makeText(), "OTP_COUNTRIES": "SG",
                "OTP_SMS_ENDPOINT": "http://127.0.0.1:1", "OTP_TEST_NUMBERS": Self.list(until: "2099-12-31"),
            ]
            environment["OTP_PROFILE"] = profile
            let run = try await Program.run(arguments, environment: environment)
            #expect(run.status == 78, "\(run)")
            #expect(run.errors.contains("OTP_TEST_NUMBERS"), "\(run)")
            #expect(!run.errors.contains("161803"))
        }
    }

    @Test("In the test profile, the fixed code verifies without a message, until the last day") func testProfile()
        async throws
    {
        try await Demo.run { demo in
            let variables = [
                "OTP_PROFILE": "test", "OTP_TEST_NUMBERS": Self.list(until: "2099-12-31"), "OTP_COUNTRIES": "SG",
            ]
            let issue = try await demo.otp("issue", Self.number, "--json", changing: variables)
            #expect(issue.status == 0, "\(issue)")
            let token = try #require(try issue.json(ChallengeDocument.self).token)
            let verify = try await demo.otp("verify", Self.number, token, "161803", changing: variables)
            #expect(verify.status == 0, "\(verify)")
            let inbox = try await demo.otp("inbox", "list", "--json")
            #expect(inbox.status == 0 && !inbox.output.contains("7700900123"), "\(inbox)")

            var ended = variables
            ended["OTP_TEST_NUMBERS"] = "+447700900456=161803@2020-12-31"
            let late = try await demo.otp("issue", "+447700900456", changing: ended)
            #expect(late.status == 1, "\(late)")
        }
    }
}
