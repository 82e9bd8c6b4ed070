// SPDX-License-Identifier: Apache-2.0

import JSONOutput
import NIOHTTP1
import OTP
import OTPServer
import OTPTesting
import SMSKit
import StrictJSON
import Testing

/// Tests that responses do not distinguish expired, unknown, used and foreign challenges (REQ-57).
@Suite(.timeLimit(.minutes(2))) struct UniformityTests {
    @Test func everyChallengeThatIsNotLiveHasTheSameResponse() async throws {
        try await TestServer.run(tenants: ["shop"]) { server async throws in
            let used = try await server.issue()
            #expect(try await server.check(#require(server.code), used).status == 200)
            let cancelled = try await server.issue()
            let body = #"{"number":"\#(TestServer.number)","token":"\#(cancelled)"}"#
            #expect(try await server.post("cancel", body).status == 204)
            let live = try await server.issue()
            let code = try #require(server.code)
            let unknown = "v1." + String(repeating: "A", count: 43)
            let exhausted = try await server.issue()
            let last = try #require(server.code)
            for _ in 0..<5 { _ = try await server.check(wrong(last), exhausted) }
            let replies = [
                try await server.check(code, used), try await server.check(code, cancelled),
                try await server.check(code, unknown), try await server.check(code, live, purpose: "other"),
                try await server.check(code, live, number: "+6598765432"), try await server.check(last, exhausted),
            ]
            #expect(Set(replies.map(\.summary)) == ["410 expired"])
            #expect(Set(replies.map(\.body)).count == 1)
            let names = replies.map { $0.headers.map(\.name).sorted() }
            #expect(Set(names).count == 1, "\(names)")
        }
    }

    @Test func codesThatAreExpiredExhaustedOrWithoutAKeyHaveEqualProblems() {
        let problems = [OTPError.Code.expired, .attemptsExhausted, .keyUnavailable]
            .map { HTTPProblem(OTPError($0, "a message with details")) }
        #expect(Set(problems).count == 1)
    }
}
