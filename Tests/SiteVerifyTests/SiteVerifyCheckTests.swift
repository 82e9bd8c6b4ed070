// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SendGuard
import SendGuardTesting
import SiteVerify
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct SiteVerifyCheckTests {
    private static func ok(_ body: String) -> FakeProvider.Reply { .http("200 OK", body) }

    @Test("A check with Turnstile passes the conformance suite") func turnstileConforms() async throws {
        let solved = Mutex<[String: String]>([:])
        let fault = Mutex(HookFault.none)
        let provider: @Sendable ([String: String]) -> FakeProvider.Reply = { form in
            switch fault.withLock({ $0 }) {
            case .unreachable: return .close
            case .failing: return .http("503 Service Unavailable", "{}")
            case .unreadable: return .http("200 OK", "<html>verified</html>")
            case .silent: return .hang
            default:
                guard form["secret"] == Fixture.secret, let verdict = solved.withLock({ $0[form["response"] ?? ""] })
                else { return .http("200 OK", #"{"success":false,"error-codes":["invalid-input-response"]}"#) }
                return .http("200 OK", verdict)
            }
        }
        try await FakeProvider.with(reply: provider) { fake in
            try await Fixture.withCheck(at: fake.url) { check in
                let conformance = HumanCheckConformance(
                    check: check,
                    request: try Fixture.request(),
                    otherNumber: try PhoneNumber("+6598765432"),
                    timeout: .milliseconds(500),
                    tolerance: .seconds(20)
                ) { request in
                    solved.withLock { solved in
                        let response = "0.response-\(solved.count)"
                        solved[response] = Fixture.verdict(for: request)
                        return response
                    }
                } setFault: { next in
                    fault.withLock { $0 = next }
                }
                try await conformance.run()
            }
        }
    }

    @Test("The request contains the secret, the response and the site key, and neither the number nor the address")
    func requestContents() async throws {
        let form = Mutex<[String: String]>([:])
        let request = try Fixture.request()
        let verdict = Fixture.verdict(for: request)
        let requests = try await FakeProvider.with(reply: { fields in
            form.withLock { $0 = fields }
            return .http("200 OK", verdict)
        }) { fake in
            try await Fixture.withCheck(at: fake.url, configure: { $0.siteKey = "site&key" }) { check in
                let result = try await check.verify("a&response=b+c%", of: request)
                #expect(result == .passed)
            }
            return fake.requests
        }
        #expect(
            form.withLock { $0 } == ["secret": Fixture.secret, "response": "a&response=b+c%", "sitekey": "site&key"]
        )
        #expect(requests.count == 1)
        #expect(requests.first?.hasPrefix("POST /siteverify HTTP/1.1\r\n") == true)
        for personal in ["91234567", "192.0.2.1"] { #expect(requests.first?.contains(personal) == false) }
    }

    @Test(
        "A verdict counts only for its host name",
        arguments: ["evil.com", "example.com.evil.com", "xexample.com", ""]
    )
    func otherHostname(hostname: String) async throws {
        let request = try Fixture.request()
        let verdict = Fixture.verdict(for: request, hostname: hostname)
        #expect(try await Fixture.verify(Self.ok(verdict), of: request) == .failed(.otherSite))
        let any = try await Fixture.verify(Self.ok(verdict), of: request) { $0.hostnames = [] }
        #expect(any == .passed)
    }

    @Test("Host names are compared without case") func hostnameCase() async throws {
        let request = try Fixture.request()
        let verdict = Fixture.verdict(for: request, hostname: "EXAMPLE.com")
        #expect(try await Fixture.verify(Self.ok(verdict), of: request) == .passed)
    }

    @Test("A verdict for another number, tenant or purpose, or without binding, does not count") func otherSubject()
        async throws
    {
        let request = try Fixture.request()
        var foreign = try [Fixture.request("+6598765432"), Fixture.request(purpose: "recovery"), request]
        foreign[2].tenant = "other"
        var verdicts = foreign.map { Fixture.verdict(for: $0) }
        verdicts.append(#"{"success":true,"hostname":"example.com"}"#)
        verdicts.append(#"{"success":true,"hostname":"example.com","action":"sign_in"}"#)
        verdicts.append(#"{"success":true,"hostname":"example.com","action":null,"cdata":""}"#)
        for verdict in verdicts {
            #expect(try await Fixture.verify(Self.ok(verdict), of: request) == .failed(.otherSubject))
        }
        #expect(try await Fixture.verify(Self.ok(Fixture.verdict(for: request)), of: request) == .passed)
    }

    @Test("hCaptcha and reCAPTCHA v2 need no action", arguments: [SiteVerifyProvider.hCaptcha, .reCAPTCHA])
    func unboundProviders(provider: SiteVerifyProvider) async throws {
        let verdict = #"{"success":true,"challenge_ts":"2026-11-28T12:00:00Z","hostname":"example.com","credit":false}"#
        #expect(try await Fixture.verify(Self.ok(verdict), from: provider, of: try Fixture.request()) == .passed)
    }

    @Test(
        "reCAPTCHA v3 counts from its threshold on",
        arguments: [
            ("0.7", HumanCheckResult.passed), ("0.699", .failed(.lowScore)), ("0", .failed(.lowScore)), ("1", .passed),
        ]
    )
    func score(score: String, expected: HumanCheckResult) async throws {
        let verdict = #"{"success":true,"hostname":"example.com","action":"sign_in","score":\#(score)}"#
        let result = try await Fixture.verify(Self.ok(verdict), from: .reCAPTCHAv3, of: try Fixture.request()) {
            $0.minimumScore = 0.7
        }
        #expect(result == expected)
    }

    @Test(
        "A score of reCAPTCHA v3 must be a number from 0 to 1",
        arguments: ["1.1", "-1", "1e999", "\"1\"", "null", "true"]
    )
    func invalidScore(score: String) async throws {
        let verdict = #"{"success":true,"hostname":"example.com","action":"sign_in","score":\#(score)}"#
        await #expect(throws: SiteVerifyError.self) {
            try await Fixture.verify(Self.ok(verdict), from: .reCAPTCHAv3, of: try Fixture.request())
        }
    }

    @Test("A score with another action does not count") func scoreOfOtherAction() async throws {
        let verdict = #"{"success":true,"hostname":"example.com","action":"payment","score":0.9}"#
        let result = try await Fixture.verify(Self.ok(verdict), from: .reCAPTCHAv3, of: try Fixture.request())
        #expect(result == .failed(.otherSubject))
    }

    @Test("A refusal of the response differs from a fault of the settings or the provider")
    func errorCodes() async throws {
        let request = try Fixture.request()
        func verify(_ code: String, _ status: String = "200 OK") async throws -> HumanCheckResult {
            try await Fixture.verify(.http(status, #"{"success":false,"error-codes":["\#(code)"]}"#), of: request)
        }
        for code in [
            "timeout-or-duplicate", "invalid-input-response", "already-seen-response", "expired-input-response",
        ] {
            #expect(try await verify(code) == .failed(.rejected))
            #expect(try await verify(code, "400 Bad Request") == .failed(.rejected))
        }
        for (code, expected) in [
            ("invalid-input-secret", SiteVerifyError.Code.refusedSecret), ("sitekey-secret-mismatch", .refusedSecret),
            ("internal-error", .providerFault),
        ] {
            let error = await #expect(throws: SiteVerifyError.self) { try await verify(code) }
            #expect(error?.code == expected)
        }
    }

    @Test("The widget gets what the provider returns, and never the number") func widget() throws {
        let request = try Fixture.request()
        for (provider, hasAction, hasData) in [
            (SiteVerifyProvider.turnstile, true, true), (.hCaptcha, false, false), (.reCAPTCHA, false, false),
            (.reCAPTCHAv3, true, false),
        ] {
            let configuration = SiteVerifyConfiguration(provider, secret: "secret", hostnames: [])
            let widget = try SiteVerifyCheck(configuration, hash: Fixture.hash).widget(for: request)
            #expect(widget.action == (hasAction ? "sign_in" : nil))
            #expect((widget.customerData != nil) == hasData)
            #expect(widget.customerData?.contains("9123") != true)
        }
    }

    @Test("Invalid settings are refused by name") func invalidSettings() throws {
        func code(_ change: (inout SiteVerifyConfiguration) -> Void) -> String? {
            var configuration = SiteVerifyConfiguration(.turnstile, secret: Fixture.secret, hostnames: [])
            change(&configuration)
            do {
                _ = try SiteVerifyCheck(configuration, hash: Fixture.hash)
                return nil
            } catch {
                return error.message
            }
        }
        #expect(code { _ in } == nil)
        #expect(code { $0.secret = "" }?.hasPrefix("secret") == true)
        #expect(code { $0.minimumScore = .nan }?.hasPrefix("minimumScore") == true)
        #expect(code { $0.timeout = .zero }?.hasPrefix("timeout") == true)
        for url in [
            "http://example.com/siteverify", "", "ftp://example.com", "https://", "https://user@example.com/",
            "http://127.evil.com/",
        ] {
            #expect(code { $0.url = url }?.hasPrefix("url") == true, "\(url)")
        }
        #expect(code { $0.url = "http://[::1]:80/siteverify" } == nil)
    }
}
