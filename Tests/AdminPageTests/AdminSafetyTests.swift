// SPDX-License-Identifier: Apache-2.0

import Foundation
import InMemoryLogging
import Logging
import NIOHTTP1
import OTP
import OTPTesting
import SMSKit
import SendGuard
import Testing

@testable import AdminPage
@testable import OTPServer

/// Tests of the sign-in, the sessions, forgery, headers and logs.
@Suite(.timeLimit(.minutes(2))) struct AdminSafetyTests {
    private static let actions = ["lockdown", "mode", "look-up", "unlock", "revoke"]

    @Test func responsesHaveAStrictPolicy() async throws {
        try await AdminSite.run { site async throws in
            var visitor = try await site.operatorWithSession()
            for path in ["/admin", "/admin/look-up", "/admin/page.css"] {
                let reply = try await visitor.open(path)
                let policy = try #require(reply.headers.first(name: "content-security-policy"))
                #expect(reply.status == 200 && policy.hasPrefix("default-src 'none'; style-src 'self'; img-src data:"))
                #expect(!policy.contains("script-src") && !policy.contains("unsafe") && !policy.contains("*"))
                #expect(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"))
                #expect(reply.headers.first(name: "cache-control") == "no-store")
                #expect(reply.headers.first(name: "x-content-type-options") == "nosniff")
                #expect(!reply.text.contains("<script") && !reply.text.contains(" style="))
            }
        }
    }

    @Test func onlyAnAdminKeySignsIn() async throws {
        try await AdminSite.run { site async throws in
            var visitor = Visitor(url: site.url)
            for path in ["/admin", "/admin?days=7", "/admin/look-up"] {
                let page = try await visitor.open(path)
                #expect(page.status == 200 && page.text.contains("Sign in") && !page.text.contains("Lockdown"))
                #expect(page.headers["set-cookie"].isEmpty)
            }
            for (key, status) in [
                ("", 401), ("x", 401), (AdminSite.key.text + "x", 401), (AdminSite.other.text, 403),
                (AdminSite.limited.text, 403),
            ] {
                let reply = try await visitor.submit("sign-in", ["key": key])
                #expect(reply.status == status && reply.headers["set-cookie"].isEmpty)
                #expect(key.count < 10 || !reply.text.contains(key))
            }
            let reply = try await visitor.submit("sign-in", ["key": " \(AdminSite.key.text)\n"])
            let cookie = try #require(reply.headers.first(name: "set-cookie"))
            for attribute in ["HttpOnly", "SameSite=Strict", "Path=/admin"] { #expect(cookie.contains(attribute)) }
            #expect(!cookie.contains("Secure") && !cookie.contains("Expires") && !cookie.contains("Max-Age"))
            let secret = try #require(AdminSite.key.text.split(separator: ".").last)
            #expect(!cookie.contains(secret))
            let page = try await visitor.open()
            #expect(page.text.contains("alice") && !page.text.contains(secret))
            let secure = try await visitor.submit(
                "sign-in",
                ["key": AdminSite.key.text],
                origin: site.url.replacing("http:", with: "https:")
            )
            #expect(secure.headers.first(name: "set-cookie")?.contains("Secure") == true)
        }
    }

    @Test func wrongKeysOfASourceAreLimited() async throws {
        try await AdminSite.run { site async throws in
            var visitor = Visitor(url: site.url)
            for _ in 0..<WrongKeyLimit.maximum { _ = try await visitor.submit("sign-in", ["key": "x"]) }
            let refused = try await visitor.submit("sign-in", ["key": "x"])
            #expect(refused.status == 429 && refused.headers.first(name: "retry-after") == "60")
            #expect(try await visitor.submit("sign-in", ["key": AdminSite.key.text]).status == 303)
        }
    }

    @Test func forgedFormsHaveNoEffect() async throws {
        try await AdminSite.run { site async throws in
            var visitor = try await site.operatorWithSession()
            let port = try #require(site.url.split(separator: ":").last)
            let origins: [String?] = [
                nil, "null", "", "http://evil.example", "http://127.0.0.1:1", "http://127.0.0.1",
                "http://127.0.0.1.evil.example:\(port)", "http://evil.example/\(site.url)",
            ]
            let fields = ["state": "on", "region": "", "seconds": "60", "rule": "unverified-block", "mode": "off"]
            for origin in origins {
                for action in Self.actions + ["sign-in", "sign-out"] {
                    let reply = try await visitor.submit(action, fields, origin: .some(origin))
                    #expect(reply.status == 403, "\(action) \(origin ?? "none")")
                }
            }
            #expect(try await site.audit.newest(10) { _ in true }.isEmpty)
            #expect(try await visitor.open().text.contains("Lockdown is on.") == false)
        }
    }

    @Test func formsNeedASession() async throws {
        try await AdminSite.run { site async throws in
            var visitor = Visitor(url: site.url)
            for cookie in [nil, "otp-admin=", "otp-admin=invented"] {
                visitor.cookie = cookie
                for action in Self.actions {
                    let fields = ["state": "on", "region": "", "seconds": "60", "subject": AdminSite.number]
                    #expect(try await visitor.submit(action, fields).status == 401, "\(action)")
                }
            }
            #expect(try await site.audit.newest(10) { _ in true }.isEmpty)
        }
    }

    @Test func sessionsEnd() async throws {
        try await AdminSite.run { site async throws in
            func isSignedIn(_ visitor: Visitor) async throws -> Bool {
                var visitor = visitor
                return try await visitor.open().text.contains("Sign out")
            }
            var visitor = try await site.operatorWithSession()
            let cookie = visitor.cookie
            #expect(try await visitor.submit("sign-out").status == 303)
            visitor.cookie = cookie
            #expect(try await !isSignedIn(visitor))
            visitor = try await site.operatorWithSession()
            site.clock.advance(by: .seconds(1_799))
            #expect(try await isSignedIn(visitor))
            site.clock.advance(by: .seconds(1_800))
            #expect(try await !isSignedIn(visitor))
            visitor = try await site.operatorWithSession()
            for _ in 0..<28 {
                site.clock.advance(by: .seconds(1_000))
                #expect(try await isSignedIn(visitor))
            }
            site.clock.advance(by: .seconds(1_000))
            #expect(try await !isSignedIn(visitor))
            visitor = try await site.operatorWithSession()
            try site.keys.replace(with: AdminSite.key("alice", [.admin]).key.entry)
            #expect(try await !isSignedIn(visitor))
        }
    }

    @Test func sessionsAreBounded() async throws {
        let clock = ManualClock()
        let sessions = AdminSessions(maximum: 2) {
            Date(timeIntervalSince1970: Double(clock.now.offset.components.seconds))
        }
        var ids: [String] = []
        for _ in 0..<3 {
            clock.advance(by: .seconds(1))
            ids.append(await sessions.insert(AdminSession(AdminSite.key.key)))
        }
        #expect(await sessions.session(ids[0]) == nil)
        #expect(await sessions.session(ids[1]) != nil)
        #expect(await sessions.session(ids[2]) != nil)
        #expect(Set(ids).count == 3)
    }

    @Test func largeAndForeignBodiesAreRefused() async throws {
        try await AdminSite.run { site async throws in
            var visitor = try await site.operatorWithSession()
            let long = String(repeating: "9", count: 5_000)
            #expect(try await visitor.submit("look-up", ["subject": long]).status == 413)
            #expect(try await visitor.open("/admin/unlock").status == 404)
            #expect(try await visitor.submit("unknown").status == 404)
        }
    }

    @Test func logsContainNoSecret() async throws {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .trace
        try await AdminSite.run(logger: logger) { site async throws in
            var visitor = try await site.operatorWithSession()
            let lookUp = try #require(try await visitor.lookUp(AdminSite.number).lookUp)
            _ = try await visitor.submit("unlock", ["look-up": lookUp])
            let log = handler.entries.map { "\($0)" }.joined(separator: "\n")
            let session = try #require(visitor.cookie?.split(separator: "=").last)
            for secret in ["91234567", AdminSite.key.text, String(session)] { #expect(!log.contains(secret)) }
        }
    }
}
