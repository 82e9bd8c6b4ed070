// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONOutput
import NIOHTTP1
import OTP
import OTPServer
import OTPTesting
import SMSKit
import StrictJSON
import Synchronization
import Testing

/// Tests of API keys (REQ-61).
@Suite(.timeLimit(.minutes(2))) struct APIKeyTests {
    private static let bodies = [
        "issue": #"{"number":"+6591234567","purpose":"sign-in"}"#,
        "check": #"{"number":"+6591234567","purpose":"sign-in","token":"x","code":"123456"}"#,
        "resend": #"{"number":"+6591234567","purpose":"sign-in","token":"x"}"#,
        "cancel": #"{"number":"+6591234567","token":"x"}"#, "status": #"{"number":"+6591234567","token":"x"}"#,
    ]

    @Test func eachOperationNeedsItsScope() async throws {
        let allowed: [String: Set<String>] = [
            "issue": ["issue", "both"], "check": ["verify", "both"], "resend": ["issue", "both"],
            "cancel": ["issue", "both"], "status": ["issue", "verify", "both"],
        ]
        let keys = TestServer.key
        let texts = [
            "issue": keys.issue.text, "verify": keys.verify.text, "both": keys.both.text, "admin": keys.admin.text,
        ]
        try await TestServer.run { server async throws in
            for (operation, body) in Self.bodies {
                for (name, text) in texts {
                    let reply = try await server.post(operation, body, key: text)
                    let expected = allowed[operation]?.contains(name) == true
                    #expect(
                        (reply.summary == "403 forbidden") == !expected,
                        "\(operation) with \(name): \(reply.summary)"
                    )
                }
            }
        }
    }

    @Test func everyInvalidKeyHasTheSameResponse() async throws {
        let good = TestServer.key.both.text
        let expired = try APIKey.generate(id: "old", scopes: [.issue, .verify], lastDay: "2020-01-31")
        let ring = try APIKeyRing(text: TestServer.key.both.key.entry + "," + expired.key.entry)
        try await TestServer.run(keys: ring) { server async throws in
            #expect(try await server.post("issue", "{}").summary == "400 invalid-request")
            var replies: [Reply] = []
            for key in [
                nil, "", "x", good + "x", String(good.dropLast()) + (good.hasSuffix("A") ? "B" : "A"),
                good.replacing("ak1.both.", with: "ak1.other."), "ak1.both.", TestServer.key.shop.text, expired.text,
            ] {
                replies.append(try await server.post("issue", "{}", key: key))
            }
            for value in [
                "Basic \(good)", good, "Bearer", "Bearer  \(good)", "Bearer\u{301} \(good)", "Béarer \(good)",
            ] {
                replies.append(try await server.post("issue", "{}", key: nil, [("authorization", value)]))
            }
            let two = [("authorization", "Bearer \(good)"), ("authorization", "Bearer \(good)")]
            replies.append(try await server.post("issue", "{}", key: nil, two))
            #expect(Set(replies.map(\.summary)) == ["401 unauthorized"])
            #expect(Set(replies.map(\.body)).count == 1)
            #expect(replies.allSatisfy { $0.headers["www-authenticate"] == [#"Bearer realm="otp""#] })
            let lower = try await server.post("issue", "{}", key: nil, [("authorization", "bearer \(good)")])
            #expect(lower.summary == "400 invalid-request")
        }
    }

    @Test func replacedKeysTakeEffectAtOnce() async throws {
        let ring = try TestServer.key.ring
        try await TestServer.run(keys: ring) { server async throws in
            #expect(try await server.post("issue", "{}").status == 400)
            try ring.replace(with: TestServer.key.shop.key.entry)
            #expect(try await server.post("issue", "{}").status == 401)
            #expect(try await server.post("issue", "{}", key: TestServer.key.shop.text).status == 400)
            #expect(throws: APIKeyError.self) { try ring.replace(with: "nonsense") }
            #expect(try await server.post("issue", "{}", key: TestServer.key.shop.text).status == 400)
        }
    }

    @Test func keyExpiresAtTheEndOfItsLastDay() async throws {
        let now = Mutex(try Date("2027-01-31T23:59:59Z", strategy: .iso8601))
        let (key, text) = try APIKey.generate(id: "web", scopes: [.issue], lastDay: "2027-01-31")
        let ring = try APIKeyRing(text: key.entry) { now.withLock { $0 } }
        try await TestServer.run(keys: ring) { server async throws in
            #expect(try await server.post("issue", "{}", key: text).status == 400)
            now.withLock { $0.addTimeInterval(1) }
            #expect(try await server.post("issue", "{}", key: text).status == 401)
        }
    }

    @Test func generatedKeysHave256RandomBits() throws {
        var texts: Set<String> = []
        for _ in 0..<100 {
            let (key, text) = try APIKey.generate(id: "a", scopes: [.issue])
            #expect(text.count == "ak1.a.".count + 43)
            #expect(!key.entry.contains(text.suffix(43)))
            texts.insert(text)
        }
        #expect(texts.count == 100)
    }

    @Test func entryIsReadAndWritten() throws {
        let (key, _) = try APIKey.generate(
            id: "Web_1-x",
            scopes: [.verify, .issue],
            tenant: "shop",
            lastDay: "2027-12-31"
        )
        #expect(try APIKey(key.entry) == key)
        #expect(key.entry.hasPrefix("Web_1-x:issue+verify:sha256."))
        #expect(key.entry.hasSuffix(":tenant=shop:until=2027-12-31"))
        #expect(key.tenant == "shop" && key.scopes == [.issue, .verify])
        #expect("\(key)" == "APIKey(Web_1-x, issue+verify)")
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!dumped.contains("sha256"))
    }

    @Test func malformedEntriesAreRejected() throws {
        let hash = try #require(try APIKey.generate(id: "a", scopes: [.issue]).key.entry.split(separator: ":").last)
        for entry in [
            "", "a", "a:issue", "a:issue:", "a:issue:sha256.", "a:issue:sha256.AAAA", "a:issue:md5.x", ":issue:\(hash)",
            "a.b:issue:\(hash)", "a b:issue:\(hash)", "a::\(hash)", "a:issue+:\(hash)", "a:issue+issue:\(hash)",
            "a:write:\(hash)", "a:issue:\(hash):x", "a:issue:\(hash):tenant=", "a:issue:\(hash):tenant=a b",
            "a:issue:\(hash):until=2027-02-30", "a:issue:\(hash):until=2027-1-1", "a:issue:\(hash):until=soon",
            "a:issue:\(hash):until=2027-01-01:tenant=x", String(repeating: "a", count: 33) + ":issue:\(hash)",
        ] {
            #expect(throws: APIKeyError.self, "\(entry)") { try APIKey(entry) }
        }
        for list in ["", "# only a comment\n", "a:issue:\(hash),a:verify:\(hash)"] {
            #expect(throws: APIKeyError.self, "\(list)") { try APIKeyRing(text: list) }
        }
        let ring = try APIKeyRing(text: "# comment, with a comma\n a:issue:\(hash) ,\r\n\nb:verify:\(hash)\n")
        #expect(ring.count == 2 && "\(ring)" == "APIKeyRing(a, b)")
        for scopes in [[], [APIScope.issue]] where scopes.isEmpty {
            #expect(throws: APIKeyError.self) { try APIKey.generate(id: "a", scopes: Set(scopes)) }
        }
    }
}
