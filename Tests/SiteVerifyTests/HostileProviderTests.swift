// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SendGuard
import SiteVerify
import Testing

@Suite(.timeLimit(.minutes(2))) struct HostileProviderTests {
    typealias Reply = FakeProvider.Reply

    private static func ok(_ body: String) -> Reply { .http("200 OK", body) }

    /// A response whose body never reaches its declared length.
    private static let endless =
        "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n" + String(repeating: " ", count: 65_536)

    /// The hostile responses, each with its name and the expected error.
    static let hostile: [(String, Reply, SiteVerifyError.Code)] = [
        ("endless body", .raw(Self.endless), .oversized),
        ("huge body", ok(#"{"success":true,"x":""# + String(repeating: "a", count: 1 << 20) + "\"}"), .oversized),
        ("nested arrays", ok(String(repeating: "[", count: 16_000)), .unreadable),
        (
            "nested objects", ok(#"{"success":true,"x":"# + String(repeating: "{\"a\":", count: 2_000) + "1"),
            .unreadable
        ),
        ("success as text", ok(#"{"success":"true"}"#), .unreadable),
        ("success as a number", ok(#"{"success":1}"#), .unreadable),
        ("success as an array", ok(#"{"success":[true]}"#), .unreadable),
        ("no success", ok(#"{"hostname":"example.com"}"#), .unreadable),
        ("two members success", ok(#"{"success":false,"success":true}"#), .unreadable),
        ("array at the top", ok(#"[{"success":true}]"#), .unreadable),
        ("trailing content", ok(#"{"success":true}{}"#), .unreadable),
        ("host name as a number", ok(#"{"success":true,"hostname":1}"#), .unreadable),
        ("page", ok("<html>success: true</html>"), .unreadable),
        ("empty body", ok(""), .unreadable),
        ("no content", .http("204 No Content", ""), .status),
        ("status 500 with a verdict", .http("500 Internal Server Error", #"{"success":true}"#), .status),
        ("status 403 with a verdict", .http("403 Forbidden", #"{"success":true}"#), .status),
        ("status 400 with success", .http("400 Bad Request", #"{"success":true}"#), .status),
        ("no HTTP", .halfClose("\u{1}\u{2} success\r\n\r\n"), .unreachable),
        (
            "half-closed body", .halfClose("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"success\":true"),
            .unreachable
        ),
        ("closed connection", .close, .unreachable),
        ("slow head", .hang, .timeout),
        ("slow body", .raw("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"success\":true"), .timeout),
    ]

    @Test("A hostile response is an error in time, and never counts", arguments: hostile.indices)
    func hostileResponse(index: Int) async throws {
        let (name, reply, expected) = Self.hostile[index]
        let request = try Fixture.request()
        let start = ContinuousClock.now
        let error = await #expect(throws: SiteVerifyError.self, "\(name)") {
            try await Fixture.verify(reply, of: request) { $0.timeout = .milliseconds(500) }
        }
        #expect(error?.code == expected, "\(name)")
        #expect(ContinuousClock.now - start < .seconds(20), "\(name)")
    }

    @Test(
        "A redirect is not followed, because the request contains the secret",
        arguments: ["301", "302", "307", "308"]
    )
    func redirect(status: String) async throws {
        let request = try Fixture.request()
        let verdict = Fixture.verdict(for: request)
        try await FakeProvider.with(reply: { _ in .http("200 OK", verdict) }) { other in
            let reply = Reply.http("\(status) Moved", "", headers: "location: \(other.url)\r\n")
            let error = await #expect(throws: SiteVerifyError.self) { try await Fixture.verify(reply, of: request) }
            #expect(error?.code == .status)
            #expect(other.requests.isEmpty)
        }
    }

    @Test("A provider without a listener is unreachable") func unreachable() async throws {
        // The port is free again after the provider has ended.
        let url = try await FakeProvider.with(reply: { _ in .close }) { $0.url }
        let request = try Fixture.request()
        let error = await #expect(throws: SiteVerifyError.self) {
            try await Fixture.withCheck(at: url) { try await $0.verify("response", of: request) }
        }
        #expect(error?.code == .unreachable)
    }

    @Test("No error and no description shows the secret, the response or the number") func secrecy() async throws {
        let request = try Fixture.request()
        var shown = ""
        for (_, reply, _) in Self.hostile {
            do {
                _ = try await Fixture.verify(reply, of: request) { $0.timeout = .milliseconds(100) }
            } catch {
                shown += "\(error) \(String(reflecting: error)) "
                dump(error, to: &shown)
            }
        }
        let configuration = SiteVerifyConfiguration(.turnstile, secret: Fixture.secret, hostnames: ["example.com"])
        let check = try SiteVerifyCheck(configuration, hash: Fixture.hash)
        shown += "\(configuration) \(String(reflecting: configuration)) \(check) \(String(reflecting: check)) "
        dump(configuration, to: &shown)
        dump(check, to: &shown)
        let binding = Fixture.hash.humanCheckBinding(of: request)
        for secret in [Fixture.secret, "4AAAAAAA", "91234567", binding] { #expect(!shown.contains(secret)) }
    }

    @Test("A check that was shut down confirms nothing") func shutDown() async throws {
        let request = try Fixture.request()
        let verdict = Fixture.verdict(for: request)
        try await FakeProvider.with(reply: { _ in .http("200 OK", verdict) }) { fake in
            try await Fixture.withCheck(at: fake.url) { check in
                try await check.shutdown()
                await #expect(throws: SiteVerifyError.self) { try await check.verify("response", of: request) }
            }
        }
    }
}
