// SPDX-License-Identifier: Apache-2.0

import Foundation
import InMemoryLogging
import Logging
import NIOHTTP1
import OTP
import OTPTesting
import SMSKit
import Testing

@testable import DemoPage

/// Tests of cookies, forgery, headers, limits and logs.
@Suite(.timeLimit(.minutes(1))) struct SafetyTests {
    @Test func responsesHaveAStrictPolicy() async throws {
        try await DemoSite.run { site async throws in
            var visitor = Visitor(url: site.url)
            for path in ["/demo", "/demo/inbox", "/demo/page.css", "/demo/page.js"] {
                let reply = try await visitor.send(.GET, path)
                let policy = try #require(reply.headers.first(name: "content-security-policy"))
                #expect(
                    reply.status == 200 && policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'")
                )
                #expect(!policy.contains("unsafe") && !policy.contains("*") && !policy.contains("http"))
                #expect(policy.contains("frame-ancestors 'none'") && policy.contains("trusted-types 'none'"))
                #expect(reply.headers.first(name: "cache-control") == "no-store")
                #expect(reply.headers.first(name: "x-content-type-options") == "nosniff")
                #expect(reply.headers.first(name: "referrer-policy") == "same-origin")
            }
            #expect(try await visitor.send(.GET, "/").headers.first(name: "location") == "/demo")
        }
    }

    @Test func cookieIsOpaque() async throws {
        try await DemoSite.run { site async throws in
            var visitor = Visitor(url: site.url)
            let header = try #require(try await visitor.send(.GET, "/demo").headers.first(name: "set-cookie"))
            for attribute in ["HttpOnly", "SameSite=Strict", "Path=/demo"] { #expect(header.contains(attribute)) }
            #expect(header.contains(/^otp-demo=[0-9a-z]{5,14}-[0-9a-z]{5,14};/))
            let again = try await visitor.send(.GET, "/demo")
            #expect(again.headers.first(name: "set-cookie") == nil)
            var registered = try await site.registeredVisitor()
            #expect(registered.cookie?.contains("91234567") == false)
            try await registered.submit("sign-out")
            let forms = registered.page.replacing(/(?s)<section.*<\/section>/, with: "")
            #expect(!forms.contains(try site.code()))
        }
    }

    @Test func updatesOfTheInboxSetNoCookie() async throws {
        try await DemoSite.run { site async throws in
            var visitor = Visitor(url: site.url)
            let reply = try await visitor.send(.GET, "/demo/inbox")
            #expect(reply.status == 200 && reply.headers.first(name: "set-cookie") == nil)
            #expect(reply.body.contains("id=\"inbox\""))
        }
    }

    @Test func forgedFormsHaveNoEffect() async throws {
        try await DemoSite.run { site async throws in
            var visitor = try await site.visitor()
            let fields = ["region": "SG", "number": "9123 4567"]
            try await visitor.submit("number", fields.merging(["form": "invented"]) { $1 })
            #expect(visitor.notice == "This page was out of date. Please try again.")
            for origin in ["http://evil.example", "http://127.0.0.1:1", "null", "https://127.0.0.1:\(site.port)"] {
                #expect(try await visitor.post("number", fields, [("origin", origin)]).status == 403, "\(origin)")
            }
            for host in ["evil.example", "127.0.0.1.evil.example:\(site.port)", ""] {
                #expect(try await visitor.send(.GET, "/demo", [("host", host)]).status == 403, "\(host)")
                #expect(try await visitor.send(.GET, "/demo/inbox", [("host", host)]).status == 403, "\(host)")
                #expect(try await visitor.post("number", fields, [("host", host)]).status == 403, "\(host)")
            }
            var stranger = Visitor(url: site.url)
            try await stranger.submit("number", fields)
            #expect(stranger.notice?.contains("did not return the cookie") == true)
            #expect(site.sms.messages.isEmpty)
            #expect(try await visitor.post("number", fields, [("origin", site.url)]).status == 303)
            #expect(site.sms.messages.count == 1)
        }
    }

    @Test func doubleClicksCountOnce() async throws {
        try await DemoSite.run { site async throws in
            func clickTwice(_ visitor: inout Visitor, _ action: String, _ fields: [String: String]) async throws {
                let (first, second) = (visitor, visitor)
                async let one = Self.posted(first, action, fields)
                async let two = Self.posted(second, action, fields)
                let cookies = try await [one.cookie, two.cookie]
                #expect(cookies[0] == cookies[1])
                visitor.cookie = cookies[0]
                try await visitor.open()
            }
            var visitor = try await site.visitor()
            try await clickTwice(&visitor, "number", ["region": "SG", "number": "9123 4567"])
            #expect(visitor.title == "Enter the code" && visitor.notice == nil && site.sms.messages.count == 1)
            try await clickTwice(&visitor, "code", ["code": try site.wrongCode()])
            #expect(visitor.page.contains("4 attempts left"))
            #expect(visitor.notice?.hasPrefix("That code is not right.") == true)
            try await clickTwice(&visitor, "code", ["code": try site.code()])
            #expect(visitor.title == "Your account is ready" && visitor.notice == nil)
        }
    }

    /// Returns a visitor after a form.
    private static func posted(
        _ visitor: Visitor,
        _ action: String,
        _ fields: [String: String]
    ) async throws -> Visitor {
        var visitor = visitor
        #expect(try await visitor.post(action, fields).status == 303)
        return visitor
    }

    @Test func plantedCookieIsWorthlessAfterTheRegistration() async throws {
        try await DemoSite.run { site async throws in
            let planted = try await site.visitorWithCode()
            let (code, wrong) = (try site.code(), try site.wrongCode())
            let visitor = try await Self.posted(planted, "code", ["code": code])
            #expect(visitor.cookie != planted.cookie)
            // A request that the browser sent before must not replace the new cookie.
            var stranger = planted
            try await stranger.open()
            #expect(stranger.title == "Create your account" && stranger.cookie == planted.cookie)
            // The second request of a double click leads to the account.
            var double = try await Self.posted(planted, "code", ["code": code])
            #expect(double.cookie == visitor.cookie)
            try await double.open()
            #expect(double.title == "Your account is ready")
            // One wrong code invalidates the old identifier, so a stranger cannot guess the code.
            for text in [wrong, code] {
                stranger = try await Self.posted(planted, "code", ["code": text])
                #expect(stranger.cookie != visitor.cookie && stranger.cookie != planted.cookie)
                try await stranger.open()
                #expect(stranger.title == "Create your account" && stranger.notice != nil)
            }
            try await double.open()
            #expect(double.title == "Your account is ready")
        }
    }

    @Test func onlyARegistrationRenewsTheCookie() async throws {
        try await DemoSite.run { site async throws in
            var visitor = try await site.registeredVisitor()
            let cookie = visitor.cookie
            for action in ["change", "back", "sign-out"] {
                try await visitor.submit(action)
                #expect(visitor.cookie == cookie)
            }
        }
    }

    @Test func malformedRequestsAreRefused() async throws {
        try await DemoSite.run { site async throws in
            var visitor = try await site.visitor()
            #expect(try await visitor.post("number", ["number": String(repeating: "9", count: 5000)]).status == 413)
            #expect(try await visitor.post("number", [:], [("content-type", "application/json")]).status == 415)
            #expect(try await visitor.post("unknown").status == 404)
            for action in DemoAction.names {
                #expect(try await visitor.send(.GET, "/demo/\(action)").status == 404)
            }
            let long = String(repeating: "9", count: 3000)
            try await visitor.submit("number", ["region": "ZZ", "number": long])
            #expect(visitor.notice?.contains("too long") == true && !visitor.page.contains(long))
            #expect(site.sms.messages.isEmpty)
        }
    }

    @Test func sessionsAreBounded() async {
        let clock = ManualClock()
        let sessions = DemoSessions(maximum: 3) {
            .init(timeIntervalSince1970: Double(clock.now.offset.components.seconds))
        }
        var ids: [String] = []
        for _ in 1...3 {
            clock.advance(by: .seconds(1))
            ids.append(await sessions.insert(DemoSession(region: .singapore)))
        }
        clock.advance(by: .seconds(1))
        #expect(await sessions.session(ids[0]) != nil)
        ids.append(await sessions.insert(DemoSession(region: .singapore)))
        #expect(await sessions.session(ids[1]) == nil)
        for id in [ids[0], ids[2], ids[3]] { #expect(await sessions.session(id) != nil) }
        clock.advance(by: .seconds(3600))
        for id in ids { #expect(await sessions.session(id) == nil) }
        #expect(await sessions.update(ids[0]) { $0 } == nil)
    }

    @Test func logsContainNoSecret() async throws {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .trace
        var secrets = ["91234567", "9123 4567", "98765432"]
        // The notification of the old number fails, which is logged.
        let sms = RecordingSMSClient { message in
            message.category == .notification
                ? .rejected(SMSError(code: "NO", kind: .content, message: "a reason"))
                : .accepted(SMSReceipt(messageID: "recorded"))
        }
        try await DemoSite.run(sms: sms, logger: logger) { site async throws in
            var visitor = try await site.visitorWithCode()
            secrets.append(try site.code())
            try await visitor.submit("code", ["code": try site.wrongCode()])
            try await visitor.submit("code", ["code": try site.code()])
            try await visitor.submit("change")
            try await visitor.submit("number", ["region": "SG", "number": "9876 5432"])
            let code = try site.code(PhoneNumber(e164: "+6598765432")!)
            secrets += [code, try #require(visitor.cookie), visitor.form]
            try await visitor.submit("code", ["code": code])
            #expect(visitor.notice?.contains("could not be sent") == true)
        }
        let log = handler.entries.map { "\($0)" }.joined(separator: "\n")
        #expect(log.contains("Old number not notified"))
        for secret in secrets { #expect(!log.contains(secret), "a secret is in the log") }
    }
}
