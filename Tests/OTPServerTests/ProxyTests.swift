// SPDX-License-Identifier: Apache-2.0

import JSONOutput
import NIOHTTP1
import OTP
import OTPTesting
import SMSKit
import SendGuard
import StrictJSON
import Synchronization
import Testing

@testable import OTPServer

/// Records the address of each request that reaches the guard.
private final class AddressRecorder: RiskAssessor {
    private let recorded = Mutex<[SourceAddress?]>([])

    var last: SourceAddress? { self.recorded.withLock { $0.last ?? nil } }

    func assess(_ request: SendRequest) async throws -> RiskAssessment {
        self.recorded.withLock { $0.append(request.source) }
        return .deny(.unavailable)
    }
}

/// Tests of the client's address behind proxies (REQ-64, T12, CT-19).
@Suite(.timeLimit(.minutes(2))) struct ProxyTests {
    private static func address(_ text: String) throws -> SourceAddress { try #require(SourceAddress(text)) }

    private static func proxies(
        _ ranges: [String] = ["10.0.0.0/8", "2001:db8:ffff::/48"],
        _ header: TrustedProxies.Header = .xForwardedFor
    ) throws -> TrustedProxies {
        TrustedProxies(try ranges.map { try #require(AddressRange($0)) }, header: header)
    }

    @Test(arguments: [
        // The header of a peer that is no proxy is ignored.
        ("198.51.100.7", ["203.0.113.1"], "198.51.100.7"), ("198.51.100.7", [], "198.51.100.7"),
        // The right-most address that is no proxy counts.
        ("10.0.0.1", ["203.0.113.1"], "203.0.113.1"), ("10.0.0.1", ["127.0.0.1, 203.0.113.1"], "203.0.113.1"),
        ("10.0.0.1", ["6.6.6.6, 203.0.113.1, 10.0.0.2"], "203.0.113.1"),
        ("10.0.0.1", ["6.6.6.6,203.0.113.1 ,\t10.0.0.2, 10.9.9.9"], "203.0.113.1"),
        ("10.0.0.1", ["6.6.6.6", "203.0.113.1"], "203.0.113.1"),
        ("10.0.0.1", ["203.0.113.1", "10.0.0.2"], "203.0.113.1"),
        // A missing or malformed header falls back to the last proxy.
        ("10.0.0.1", [], "10.0.0.1"), ("10.0.0.1", [""], "10.0.0.1"), ("10.0.0.1", ["unknown"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.1, nonsense"], "10.0.0.1"), ("10.0.0.1", ["203.0.113.1, x, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", ["203.0.113.1,"], "10.0.0.1"), ("10.0.0.1", ["10.0.0.2"], "10.0.0.2"),
        // IPv6, ports, brackets and mapped addresses.
        ("::ffff:10.0.0.1", ["::ffff:203.0.113.1"], "203.0.113.1"), ("10.0.0.1", ["203.0.113.1:4711"], "203.0.113.1"),
        ("2001:db8:ffff::1", ["2001:db8::5"], "2001:db8::5"), ("10.0.0.1", ["[2001:db8::5]:80"], "2001:db8::5"),
        ("10.0.0.1", ["[2001:db8::5]"], "2001:db8::5"), ("10.0.0.1", ["2001:0DB8:0:0::5"], "2001:db8::5"),
    ])
    func rightmostUntrustedAddressCounts(peer: String, values: [String], expected: String) throws {
        let client = try Self.proxies().client(of: Self.address(peer), values)
        #expect(client == (try Self.address(expected)))
    }

    @Test(arguments: [
        ([#"for=203.0.113.1"#], "203.0.113.1"), ([#"for="203.0.113.1:80""#], "203.0.113.1"),
        ([#"For="[2001:db8::5]:80";proto=https;by=10.0.0.9"#], "2001:db8::5"),
        (["for=6.6.6.6, for=203.0.113.1;host=x, for=10.0.0.2"], "203.0.113.1"),
        (["for=6.6.6.6", "proto=http; for=203.0.113.1"], "203.0.113.1"), (["for=_hidden"], "10.0.0.1"),
        (["for=unknown"], "10.0.0.1"), (["proto=https"], "10.0.0.1"), (["203.0.113.1"], "10.0.0.1"),
    ])
    func forwardedIsRead(values: [String], expected: String) throws {
        let client = try Self.proxies(["10.0.0.0/8"], .forwarded).client(of: Self.address("10.0.0.1"), values)
        #expect(client == (try Self.address(expected)))
    }

    @Test func manyHopsTakeBoundedWork() throws {
        let list = Array(repeating: "10.0.0.2", count: 10_000).joined(separator: ",")
        #expect(try Self.proxies().client(of: Self.address("10.0.0.1"), [list]) == Self.address("10.0.0.2"))
    }

    /// Runs a closure with a server whose guard records addresses.
    private static func run(
        _ proxies: TrustedProxies,
        _ body: (_ address: ([(String, String)], String) async throws -> SourceAddress?) async throws -> Void
    ) async throws {
        let recorder = AddressRecorder()
        let policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 1000))
        let keys = try KeyRing(text: KeyRing.makeText())
        let sendGuard = try SMSGuard(policy: policy, ledger: InMemorySendLedger(), hash: keys.scopeHash)
        let gate = SendGate(sendGuard, riskAssessor: RiskGate(recorder))
        try await TestServer.run(sendGuard: gate, proxies: proxies) { server async throws in
            try await body { headers, client async throws in
                let body = #"{"number":"\#(TestServer.number)","purpose":"sign-in"\#(client)}"#
                #expect(try await server.post("issue", body, headers).summary == "429 blocked")
                return recorder.last
            }
        }
    }

    @Test func addressOfTheConnectionOrOfTheBodyCounts() async throws {
        let loopback = try Self.address("127.0.0.1")
        let named = #","client":{"address":"2001:db8::7"}"#
        let spoofed = [
            ("x-forwarded-for", "203.0.113.1"), ("forwarded", "for=203.0.113.1"), ("x-real-ip", "203.0.113.1"),
        ]
        try await Self.run(TrustedProxies()) { address async throws in
            #expect(try await address([], "") == loopback)
            #expect(try await address(spoofed, "") == loopback)
            #expect(try await address(spoofed, named) == Self.address("2001:db8::7"))
        }
        try await Self.run(Self.proxies(["127.0.0.0/8"])) { address async throws in
            #expect(try await address(spoofed, "") == Self.address("203.0.113.1"))
            #expect(try await address([("forwarded", "for=203.0.113.1")], "") == loopback)
            #expect(try await address([], "") == loopback)
            let two = [("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "203.0.113.9")]
            #expect(try await address(two, "") == Self.address("203.0.113.9"))
            #expect(try await address(spoofed, named) == Self.address("2001:db8::7"))
        }
    }
}
