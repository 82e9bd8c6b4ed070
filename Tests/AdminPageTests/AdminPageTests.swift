// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import NIOHTTP1
import OTP
import OTPTesting
import SMSKit
import SendGuard
import Testing

@testable import AdminPage
@testable import OTPServer

/// Tests of the overview, the switches and the look-ups.
@Suite(.timeLimit(.minutes(2))) struct AdminPageTests {
    @Test func emptyOverviewHasNoChart() async throws {
        try await AdminSite.run { site async throws in
            var visitor = try await site.operatorWithSession()
            for days in ["", "?days=1", "?days=7", "?days=30", "?days=8", "?days=x"] {
                let page = try await visitor.open("/admin\(days)")
                #expect(page.status == 200 && page.text.contains("Nothing was sent") && !page.text.contains("<figure"))
                #expect(page.text.contains("All breakers are closed.") && page.text.contains("No rule had an effect."))
            }
        }
    }

    @Test func overviewHasTheCountsByRegionAndRule() async throws {
        let prices = { (policy: inout GuardPolicy) in policy.prices = [.singapore: 300] }
        try await AdminSite.run(policy: prices) { site async throws in
            try await site.send(20, verified: 1)
            var visitor = try await site.operatorWithSession()
            let page = try await visitor.open("/admin?days=7").text
            #expect(page.contains("<dt>Sent</dt><dd class=\"value\">16</dd>"))
            #expect(page.contains("<dt>Refused</dt><dd class=\"value\">4</dd>"))
            #expect(page.contains("<dt>Cost</dt><dd class=\"value\">4,800</dd>"))
            #expect(page.contains("Singapore <span class=\"code\">SG</span>"))
            #expect(page.contains("<code>unverified-block</code>"))
            #expect(page.contains("<figure") && page.contains("16 sent, 1 verified, 4 refused"))
            #expect(page.contains("<code>messages-service</code>"))
            #expect(!page.contains("+659123010"))
        }
    }

    @Test func chartOfTodayShowsTheSamples() async throws {
        try await AdminSite.run { site async throws in
            site.clock.advance(by: .seconds(86_400 * 20_000))
            let now = Date(timeIntervalSince1970: 86_400 * 20_000)
            await site.recent.sample(at: now.addingTimeInterval(-120))
            try await site.send(5)
            await site.recent.sample(at: now.addingTimeInterval(-60))
            var visitor = try await site.operatorWithSession()
            let page = try await visitor.open().text
            #expect(page.contains("last 3 hours") && page.contains("5 sent, 0 verified, 0 refused"))
            #expect(page.contains("all processes that share the Redis"))
        }
    }

    @Test func lockdownIsSwitchedAndShown() async throws {
        try await AdminSite.run { site async throws in
            var visitor = try await site.operatorWithSession()
            let on = ["state": "on", "region": "", "seconds": "3600"]
            #expect(try await visitor.submit("lockdown", on).headers.first(name: "location") == "/admin")
            await #expect(throws: OTPError.self) { try await Self.issue(site) }
            let page = try await visitor.open().text
            #expect(page.contains("Lockdown started: Whole service.") && page.contains("Lockdown is on."))
            #expect(try await visitor.open().text.contains("Lockdown started") == false)
            _ = try await visitor.submit("lockdown", ["state": "off", "region": ""])
            #expect(try await visitor.open().text.contains("Lockdown is on.") == false)
            try await Self.issue(site)
            _ = try await visitor.submit("lockdown", ["state": "on", "region": "SG", "seconds": "60"])
            #expect(try await visitor.open().text.contains("<strong>Singapore (SG)</strong> until"))
            let events = try await site.audit.newest(10) { _ in true }
            #expect(events.map { $0[.outcome] } == ["on", "off", "on"] && events[0][.region] == "SG")
            #expect(events.allSatisfy { $0[.operatorName] == "api-key:alice" })
        }
    }

    private static func issue(_ site: AdminSite) async throws {
        _ = try await site.otp.issue(for: PhoneNumber(AdminSite.number), purpose: .registration)
    }

    @Test func modeIsSetAndShown() async throws {
        try await AdminSite.run { site async throws in
            var visitor = try await site.operatorWithSession()
            _ = try await visitor.submit("mode", ["rule": "unverified-block", "mode": "monitor"])
            let page = try await visitor.open().text
            #expect(page.contains("unverified-block is now monitor."))
            #expect(page.contains("<code>unverified-block</code> is <strong>monitor</strong>, the policy has"))
            #expect(site.sendGuard.policy[GuardRule.Name(.unverified, .block)]?.mode == .monitor)
            _ = try await visitor.submit("lockdown", ["state": "on", "region": "", "seconds": "60"])
            _ = try await visitor.submit("mode", ["rule": "lockdown-service", "mode": "off"])
            _ = try await visitor.submit("lockdown", ["state": "on", "region": "", "seconds": "60"])
            #expect(try await visitor.open().text.contains("has no effect: lockdown-service is off"))
            _ = try await visitor.submit("mode", ["rule": "money-block", "mode": "off"])
            #expect(try await visitor.open().text.contains("The guard has no such rule"))
        }
    }

    @Test(arguments: [
        ["state": "on", "region": "ZZ", "seconds": "60"], ["state": "on", "region": "", "seconds": "0"],
        ["state": "on", "region": "", "seconds": "x"], ["state": "on", "region": ""], ["region": "", "seconds": "60"],
        ["state": "maybe", "region": "", "seconds": "60"],
    ])
    func incompleteFormChangesNothing(fields: [String: String]) async throws {
        try await AdminSite.run { site async throws in
            var visitor = try await site.operatorWithSession()
            _ = try await visitor.submit("lockdown", fields)
            let page = try await visitor.open().text
            #expect(page.contains("The form was incomplete") && !page.contains("Lockdown is on."))
            #expect(try await site.audit.newest(10) { _ in true }.isEmpty)
        }
    }

    @Test func numberIsExplainedMaskedAndUnlocked() async throws {
        try await AdminSite.run { site async throws in
            var visitor = try await site.operatorWithSession()
            let reply = try await visitor.submit("look-up", ["subject": "+65 9123 4567"])
            #expect(reply.headers.first(name: "location") == "/admin/look-up")
            let look = try await visitor.open("/admin/look-up")
            let page = look.text
            #expect(page.contains("<bdi>+65****67</bdi>") && page.contains("<code>unverified-block</code>"))
            let fields = ["look-up": try #require(look.lookUp)]
            _ = try await visitor.submit("unlock", fields)
            #expect(try await visitor.open("/admin/look-up").text.contains("failed attempts of +65****67 are deleted"))
            _ = try await visitor.submit("revoke", fields)
            let last = try await visitor.open("/admin/look-up").text
            #expect(last.contains("known devices of +65****67 are revoked"))
            let events = try await site.audit.newest(10) { _ in true }
            #expect(events.map(\.kind) == [.revoke, .unlock])
            #expect(events.allSatisfy { $0[.operatorName] == "api-key:alice" && $0[.number] == "+65****67" })
            for text in [page, last, "\(events)", reply.text, "\(reply.headers)"] {
                #expect(!text.contains("91234567") && !text.contains("9123 4567"))
            }
        }
    }

    @Test func decisionsAreExplained() async throws {
        try await AdminSite.run { site async throws in
            let id = DecisionID()
            let hostile = #"<script>alert("x")</script>'&"#
            try await site.audit.record([
                AuditEvent(.decision, at: Date(), [.decision: id.description, .tenant: hostile, .outcome: "block"])
            ])
            var visitor = try await site.operatorWithSession()
            _ = try await visitor.submit("look-up", ["subject": " \(id) "])
            let page = try await visitor.open("/admin/look-up").text
            #expect(page.contains("<dd>block</dd>") && !page.contains("<script"))
            #expect(page.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&amp;"))
            _ = try await visitor.submit("look-up", ["subject": DecisionID().description])
            #expect(try await visitor.open("/admin/look-up").text.contains("no decision with this ID"))
            _ = try await visitor.submit("look-up", ["subject": hostile])
            let refused = try await visitor.open("/admin/look-up").text
            #expect(refused.contains("neither a phone number") && !refused.contains("<script"))
        }
    }

    @Test func formsOfSeveralTabsActOnTheNumberThatTheTabShows() async throws {
        try await AdminSite.run { site async throws in
            var visitor = try await site.operatorWithSession()
            let first = try #require(try await visitor.lookUp(AdminSite.number).lookUp)
            let second = try #require(try await visitor.lookUp("+65 9123 0010").lookUp)
            for action in ["unlock", "revoke"] {
                _ = try await visitor.submit(action, ["look-up": first])
                let page = try await visitor.open("/admin/look-up").text
                #expect(page.contains("of +65****67 are") && page.contains("<bdi>+65****10</bdi>"))
                _ = try await visitor.submit(action, ["look-up": second])
            }
            let events = try await site.audit.newest(10) { _ in true }
            #expect(events.map { $0[.number] } == ["+65****10", "+65****67", "+65****10", "+65****67"])
        }
    }

    @Test func formOfAnUnknownLookUpChangesNothing() async throws {
        try await AdminSite.run { site async throws in
            var visitor = try await site.operatorWithSession()
            let forgotten = try #require(try await visitor.lookUp(AdminSite.number).lookUp)
            var other = try await site.operatorWithSession()
            let foreign = try #require(try await other.lookUp(AdminSite.number).lookUp)
            for _ in 0..<AdminSession.maximumLookUps { _ = try await visitor.lookUp(AdminSite.number) }
            let texts = [nil, "", "invented", foreign, forgotten]
            for fields in texts.map({ $0.map { ["look-up": $0] } ?? [:] }) {
                for action in ["unlock", "revoke"] {
                    _ = try await visitor.submit(action, fields)
                    let page = try await visitor.open("/admin/look-up").text
                    #expect(page.contains("Nothing was changed") && page.contains("Look up the number again."))
                }
            }
            #expect(try await site.audit.newest(10) { _ in true }.isEmpty)
        }
    }

    @Test func namesOfThePolicyAreEscaped() async throws {
        let hostile = #"<img src=x onerror="alert(1)">"#
        let change = { (policy: inout GuardPolicy) in policy.tenantBudgets = [hostile: .init(messages: 5)] }
        try await AdminSite.run(policy: change) { site async throws in
            let number = try PhoneNumber(AdminSite.number)
            let request = SendRequest(number: number, tenant: hostile, purpose: "a", source: nil)
            _ = try await site.sendGuard.reserve(request)
            var visitor = try await site.operatorWithSession()
            let page = try await visitor.open().text
            #expect(page.contains("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;") && !page.contains("<img"))
        }
    }

    @Test func outageIsExplained() async throws {
        try await AdminSite.run(ledger: BrokenLedger()) { site async throws in
            var visitor = try await site.operatorWithSession()
            let page = try await visitor.open()
            #expect(page.status == 503 && page.headers.first(name: "retry-after") == "5")
            #expect(page.text.contains("The store is not reachable.") && page.text.contains("Sign out"))
            _ = try await visitor.submit("look-up", ["subject": AdminSite.number])
            #expect(try await visitor.open("/admin/look-up").status == 503)
            await site.recent.sample(at: Date())
            #expect(await site.recent.count == 0)
        }
    }

    @Test func noticeOfAFailedChangeIsKeptUntilAPageShowsIt() async throws {
        try await AdminSite.run(ledger: BrokenLedger()) { site async throws in
            var visitor = try await site.operatorWithSession()
            _ = try await visitor.submit("lockdown", ["state": "on", "region": "", "seconds": "60"])
            // Another tab submits a form before a page is shown.
            _ = try await visitor.submit("look-up", ["subject": AdminSite.number])
            let page = try await visitor.open()
            #expect(page.status == 503 && page.text.contains("Try again in a moment."))
            #expect(page.text.contains("The change may have taken effect"))
            #expect(try await visitor.open().text.contains("may have taken effect") == false)
        }
    }

    @Test func serviceWithoutGuardHasOnlyLookUps() async throws {
        try await AdminSite.run(hasGuard: false) { site async throws in
            var visitor = try await site.operatorWithSession()
            let page = try await visitor.open()
            #expect(page.status == 200 && page.text.contains("The service has no guard."))
            _ = try await visitor.submit("look-up", ["subject": AdminSite.number])
            #expect(try await visitor.open("/admin/look-up").text.contains("+65****67"))
        }
    }
}
