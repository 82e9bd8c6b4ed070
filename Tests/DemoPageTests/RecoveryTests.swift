// SPDX-License-Identifier: Apache-2.0

import Foundation
import InMemoryLogging
import Logging
import NIOHTTP1
import OTPTesting
import SMSKit
import Testing

@testable import DemoPage

/// Tests of recovery codes, the way to sign in without a message (REQ-70).
@Suite(.timeLimit(.minutes(2))) struct RecoveryTests {
    private static let refusal =
        "This number and this recovery code do not match, or the code was used before. Check both, and try again."
    private static let wrong = "AAAAA-BBBBB-CCCCC"
    private static let newNumber = PhoneNumber(e164: "+6598765432")!

    /// Returns the codes on a page.
    private static func codes(_ page: String) -> [String] { page.matches(of: /<code>([^<]*)/).map { String($0.1) } }

    /// Returns a visitor who has registered and created recovery codes, and the codes.
    private static func visitorWithCodes(_ site: DemoSite) async throws -> (visitor: Visitor, codes: [String]) {
        var visitor = try await site.registeredVisitor()
        try await visitor.submit("recovery-codes")
        let codes = Self.codes(visitor.page)
        try #require(codes.count == 8)
        return (visitor, codes)
    }

    /// Returns a new visitor who has opened the form for a recovery code.
    private static func stranger(_ site: DemoSite, accepting language: String = "en-SG") async throws -> Visitor {
        var visitor = try await site.visitor(accepting: language)
        try await visitor.submit("recovery")
        return visitor
    }

    private static func fields(_ code: String, _ number: String = "9123 4567") -> [String: String] {
        ["region": "SG", "number": number, "recovery": code]
    }

    /// Returns a new visitor after one attempt to sign in.
    private static func attempt(
        _ site: DemoSite,
        _ code: String,
        _ number: String = "9123 4567"
    ) async throws -> Visitor {
        var visitor = try await Self.stranger(site)
        try await visitor.submit("recover", Self.fields(code, number))
        return visitor
    }

    // MARK: Codes

    @Test func codesAreShownOnce() async throws {
        try await DemoSite.run { site async throws in
            var visitor = try await site.registeredVisitor()
            #expect(visitor.page.contains("<dd>Not created yet</dd>"))
            #expect(try await visitor.post("recovery-codes").status == 303)
            // The script of the page requests this route at any time. The codes must not be lost in its response.
            let inbox = try await visitor.send(.GET, "/demo/inbox")
            #expect(Self.codes(inbox.body).isEmpty && inbox.body.contains("8 of 8 left"))
            try await visitor.open()
            let (codes, page) = (Self.codes(visitor.page), visitor.page)
            #expect(visitor.title == "Save your recovery codes" && Set(codes).count == 8)
            for code in codes {
                #expect(code.wholeMatch(of: /([2-9A-HJKMNP-Z]{5}-){2}[2-9A-HJKMNP-Z]{5}/) != nil, "\(code)")
                #expect(page.components(separatedBy: code).count == 2)
            }
            try await visitor.open()
            #expect(visitor.title == "Your account" && visitor.page.contains("<dd>8 of 8 left</dd>"))
            for code in codes { #expect(!visitor.page.contains(code)) }
        }
    }

    @Test func codesAreGoneAfterAnyStep() async throws {
        try await DemoSite.run { site async throws in
            // The last step shows the account again, where the codes would be visible.
            for steps in [["back"], ["change", "back"]] {
                site.clock.advance(by: .seconds(61))
                var visitor = try await site.visitorWithCode()
                try await visitor.submit("code", ["code": try site.code()])
                #expect(try await visitor.post("recovery-codes").status == 303)
                for step in steps {
                    // This request has the form ID, but does not show the codes.
                    let page = try await visitor.send(.GET, "/demo/inbox").body
                    let form = page.firstMatch(of: /name="form" value="([^"]*)"/).map { String($0.1) } ?? ""
                    #expect(try await visitor.post(step, ["form": form]).status == 303)
                }
                try await visitor.open()
                #expect(visitor.title == "Your account")
                #expect(Self.codes(visitor.page).isEmpty && visitor.notice == nil, "\(steps)")
            }
        }
    }

    @Test func codeSignsInOnce() async throws {
        try await DemoSite.run { site async throws in
            let (_, codes) = try await Self.visitorWithCodes(site)
            let count = site.sms.messages.count
            var visitor = try await Self.stranger(site)
            let cookie = visitor.cookie
            #expect(visitor.title == "Use a recovery code")
            try await visitor.submit("recover", Self.fields(codes[3]))
            #expect(visitor.title == "Welcome back" && visitor.page.contains("signed in with a recovery code"))
            #expect(visitor.page.contains("+65 9123 4567") && visitor.page.contains("<dd>7 of 8 left</dd>"))
            #expect(visitor.cookie != cookie && site.sms.messages.count == count)
            #expect(try await Self.attempt(site, codes[3]).notice == Self.refusal)
            // Spaces, lower case and full-width letters are accepted, as input methods for Chinese produce them.
            let typed = codes[4].lowercased().replacing("-", with: " ").unicodeScalars
                .map {
                    $0.properties.isAlphabetic ? Unicode.Scalar($0.value - 0x61 + 0xFF41)! : $0
                }
            let other = try await Self.attempt(site, String(String.UnicodeScalarView(typed)))
            #expect(other.title == "Welcome back" && other.page.contains("<dd>6 of 8 left</dd>"))
        }
    }

    @Test func newCodesReplaceTheOldOnes() async throws {
        try await DemoSite.run { site async throws in
            var (visitor, old) = try await Self.visitorWithCodes(site)
            try await visitor.submit("back")
            #expect(visitor.title == "Your account" && visitor.page.contains("Replace recovery codes"))
            try await visitor.submit("recovery-codes")
            let new = Self.codes(visitor.page)
            #expect(new.count == 8 && Set(new).isDisjoint(with: old))
            for code in old.prefix(3) { #expect(try await Self.attempt(site, code).notice == Self.refusal) }
            #expect(try await Self.attempt(site, new[0]).title == "Welcome back")
        }
    }

    @Test func codesStayWithTheAccountAfterAChange() async throws {
        try await DemoSite.run { site async throws in
            var (visitor, codes) = try await Self.visitorWithCodes(site)
            try await visitor.submit("change")
            try await visitor.submit("number", ["region": "SG", "number": "9876 5432"])
            try await visitor.submit("code", ["code": try site.code(Self.newNumber)])
            #expect(visitor.page.contains("<dd>8 of 8 left</dd>"))
            #expect(try await Self.attempt(site, codes[0]).notice == Self.refusal)
            let other = try await Self.attempt(site, codes[0], "9876 5432")
            #expect(other.title == "Welcome back" && other.page.contains("+65 9876 5432"))
        }
    }

    @Test func codeOfAnotherAccountIsRefused() async throws {
        try await DemoSite.run { site async throws in
            let (_, codes) = try await Self.visitorWithCodes(site)
            var other = try await site.visitorWithCode("9876 5432")
            try await other.submit("code", ["code": try site.code(Self.newNumber)])
            try await other.submit("recovery-codes")
            #expect(try await Self.attempt(site, codes[0], "9876 5432").notice == Self.refusal)
            #expect(try await Self.attempt(site, codes[0]).title == "Welcome back")
        }
    }

    @Test func oneOfTwoRequestsWithACodeSucceeds() async throws {
        try await DemoSite.run { site async throws in
            let (_, codes) = try await Self.visitorWithCodes(site)
            for code in codes.prefix(4) {
                let (one, two) = (try await Self.stranger(site), try await Self.stranger(site))
                async let first = Self.title(one, code)
                async let second = Self.title(two, code)
                let titles = try await [first, second]
                #expect(Set(titles) == ["Welcome back", "Use a recovery code"])
            }
        }
        let recovery = DemoRecovery()
        let code = try #require(await recovery.renew(1).first)
        let number = DemoSite.number
        let accepted = await withTaskGroup(of: Bool.self, returning: Int.self) { group in
            for _ in 1...50 { group.addTask { await recovery.redeem(code, of: 1, number, at: Date()) == .accepted(1) } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(accepted == 1)
    }

    private static func title(_ visitor: Visitor, _ code: String) async throws -> String? {
        var visitor = visitor
        try await visitor.submit("recover", Self.fields(code))
        return visitor.title
    }

    // MARK: Refusals

    /// The page for an unknown number, for an account without codes and for a wrong code is the same, up to the lock.
    @Test func refusalsAreAlike() async throws {
        try await DemoSite.run { site async throws in
            _ = try await Self.visitorWithCodes(site)
            var other = try await site.visitorWithCode("9876 5432")
            try await other.submit("code", ["code": try site.code(Self.newNumber)])
            var pages: [[String]] = []
            for number in ["9123 4567", "9876 5432", "8111 2222"] {
                var results: [String] = []
                for _ in 1...3 {
                    var visitor = try await Self.stranger(site)
                    for _ in 1...4 {
                        let form = visitor.form
                        let reply = try await visitor.post("recover", Self.fields(Self.wrong, number))
                        try await visitor.open()
                        #expect(visitor.form != form)
                        let page = visitor.page.replacing(visitor.form, with: "FORM")
                            .replacing("value=\"\(number)\"", with: "NUMBER")
                        let names = reply.headers.map(\.name).filter { $0.lowercased() != "date" }
                        results.append("\(reply.status) \(names) \(page)")
                    }
                }
                #expect(results[0].contains(Self.refusal) && results[11].contains("too many failed attempts"))
                pages.append(results)
            }
            #expect(pages[0] == pages[1] && pages[1] == pages[2])
        }
    }

    @Test func fiveFailedAttemptsLockTheSession() async throws {
        try await DemoSite.run { site async throws in
            let (_, codes) = try await Self.visitorWithCodes(site)
            var visitor = try await Self.stranger(site)
            try await visitor.submit("recover", Self.fields("ABCDE"))
            #expect(visitor.notice == "A recovery code has 15 letters and digits. This attempt does not count.")
            try await visitor.submit("recover", Self.fields(Self.wrong, "123"))
            #expect(visitor.notice?.contains("too short") == true)
            for number in ["8111 0001", "8111 0002", "8111 0003", "8111 0004"] {
                try await visitor.submit("recover", Self.fields(Self.wrong, number))
                #expect(visitor.notice == Self.refusal)
            }
            let lock = "There were too many failed attempts with recovery codes. Try again in "
            try await visitor.submit("recover", Self.fields(Self.wrong, "8111 0005"))
            #expect(visitor.notice == lock + "15:00.")
            site.clock.advance(by: .seconds(100))
            try await visitor.submit("recover", Self.fields(codes[0]))
            #expect(visitor.title == "Use a recovery code" && visitor.notice == lock + "13:20.")
            // The limit of a session does not affect others.
            #expect(try await Self.attempt(site, codes[1]).title == "Welcome back")
            site.clock.advance(by: .seconds(800))
            try await visitor.submit("recover", Self.fields(codes[0]))
            #expect(visitor.title == "Welcome back")
        }
    }

    @Test func tenFailedAttemptsLockTheNumber() async throws {
        try await DemoSite.run { site async throws in
            let (_, codes) = try await Self.visitorWithCodes(site)
            for _ in 1...9 { #expect(try await Self.attempt(site, Self.wrong).notice == Self.refusal) }
            let tenth = try await Self.attempt(site, Self.wrong)
            #expect(tenth.notice?.hasSuffix("Try again in 15:00.") == true)
            // The lock does not keep the owner out: an unused code and a code in a message still work.
            #expect(try await Self.attempt(site, Self.wrong).notice == tenth.notice)
            #expect(try await Self.attempt(site, codes[0]).title == "Welcome back")
            #expect(try await Self.attempt(site, codes[0]).notice == tenth.notice)
            #expect(try await Self.attempt(site, Self.wrong, "8111 2222").notice == Self.refusal)
            site.clock.advance(by: .seconds(899))
            #expect(try await Self.attempt(site, Self.wrong).notice?.hasSuffix("Try again in 0:01.") == true)
            var visitor = try await site.visitorWithCode()
            try await visitor.submit("code", ["code": try site.code()])
            #expect(visitor.title == "Welcome back")
            site.clock.advance(by: .seconds(1))
            #expect(try await Self.attempt(site, Self.wrong).notice == Self.refusal)
        }
    }

    @Test func theLockBeginsWithTheLastAllowedAttempt() {
        var window = FailureWindow()
        let start = Date(timeIntervalSince1970: 1_800_000_000)
        window.record(at: start, maximum: 3)
        window.record(at: start + 1, maximum: 3)
        #expect(window.refusal(after: 3, at: start + 899) == nil)
        window.record(at: start + 899, maximum: 3)
        #expect(window.refusal(after: 3, at: start + 900) == start + 1799)
        #expect(window.refusal(after: 3, at: start + 1799) == nil)
    }

    @Test func countsOfFailedAttemptsAreBounded() async throws {
        let recovery = DemoRecovery(maximumNumbers: 3)
        let code = try #require(RecoveryCode(typed: Self.wrong))
        let numbers = (0..<5).map { PhoneNumber(e164: "+6581110\($0)00")! }
        let start = Date(timeIntervalSince1970: 1_800_000_000)
        for (second, number) in numbers.enumerated() {
            #expect(await recovery.redeem(code, of: nil, number, at: start + Double(second)) == .refused(until: nil))
        }
        #expect(await recovery.numberCount == 3)
        // Ended windows are removed first.
        _ = await recovery.redeem(code, of: nil, numbers[0], at: start + 903)
        #expect(await recovery.numberCount == 2)
    }

    // MARK: Safety

    @Test func forgedFormsHaveNoEffect() async throws {
        try await DemoSite.run { site async throws in
            var (owner, codes) = try await Self.visitorWithCodes(site)
            var visitor = try await site.visitor()
            // The first step has no recovery code, and a visitor without an account cannot create codes.
            for action in ["recover", "recovery-codes"] {
                try await visitor.submit(action, Self.fields(codes[0]))
                #expect(visitor.title == "Create your account" && visitor.notice?.contains("out of date") == true)
            }
            try await visitor.submit("recovery")
            try await visitor.submit("recover", Self.fields(codes[0]).merging(["form": "invented"]) { $1 })
            #expect(visitor.title == "Use a recovery code" && visitor.notice?.contains("out of date") == true)
            let origin = [("origin", "http://evil.example")]
            #expect(try await visitor.post("recover", Self.fields(codes[0]), origin).status == 403)
            #expect(try await owner.post("recovery-codes", [:], origin).status == 403)
            try await owner.submit("recovery-codes", ["form": "invented"])
            #expect(owner.notice?.contains("out of date") == true)
            // The old codes are still valid, and no attempt was counted.
            try await visitor.submit("recover", Self.fields(codes[0]).merging(["account": "2"]) { $1 })
            #expect(visitor.title == "Welcome back" && visitor.page.contains("<dd>7 of 8 left</dd>"))
            // A signed-in visitor cannot change to another account.
            for action in ["recovery", "recover"] {
                try await visitor.submit(action, Self.fields(codes[1]))
                #expect(visitor.title == "Welcome back" && visitor.notice?.contains("out of date") == true)
            }
            try await visitor.submit("change")
            try await visitor.submit("recovery")
            #expect(visitor.title == "Change your number" && visitor.notice?.contains("out of date") == true)
        }
    }

    @Test func plantedCookieIsWorthlessAfterTheSignIn() async throws {
        try await DemoSite.run { site async throws in
            let (_, codes) = try await Self.visitorWithCodes(site)
            var planted = try await Self.stranger(site)
            var visitor = planted
            try await visitor.submit("recover", Self.fields(codes[0]))
            #expect(visitor.title == "Welcome back" && visitor.cookie != planted.cookie)
            // The second request of a double click leads to the account, and uses no other code.
            var double = planted
            try await double.submit("recover", Self.fields(codes[0]))
            #expect(double.title == "Welcome back" && double.cookie == visitor.cookie)
            #expect(double.page.contains("<dd>7 of 8 left</dd>"))
            try await planted.open()
            #expect(planted.title == "Create your account")
        }
    }

    @Test func typedTextsAreEscapedAndCodesAreNotRepeated() async throws {
        try await DemoSite.run { site async throws in
            let attack = #""><script>alert(1)</script>"#
            let visitor = try await Self.attempt(site, attack + Self.wrong, attack)
            #expect(visitor.title == "Use a recovery code" && !visitor.page.contains("<script>alert"))
            #expect(visitor.page.contains("value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\""))
            let other = try await Self.attempt(site, Self.wrong)
            #expect(other.page.contains("value=\"9123 4567\"") && !other.page.contains(Self.wrong))
        }
    }

    @Test func chineseVisitorReadsChinese() async throws {
        try await DemoSite.run { site async throws in
            let (_, codes) = try await Self.visitorWithCodes(site)
            var visitor = try await Self.stranger(site, accepting: "zh-CN")
            #expect(visitor.title == "使用恢复码")
            try await visitor.submit("recover", Self.fields(Self.wrong))
            #expect(visitor.notice?.contains("恢复码") == true)
            try await visitor.submit("recover", Self.fields(codes[0]))
            #expect(visitor.title == "欢迎回来" && visitor.page.contains("剩余 7 个（共 8 个）"))
            try await visitor.submit("recovery-codes")
            #expect(visitor.title == "保存恢复码" && Self.codes(visitor.page).count == 8)
        }
    }

    @Test func logsAndDescriptionsContainNoCode() async throws {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .trace
        var secrets = ["91234567", "9123 4567", Self.wrong]
        try await DemoSite.run(logger: logger) { site async throws in
            let (visitor, codes) = try await Self.visitorWithCodes(site)
            secrets += codes
            secrets.append(try #require(visitor.cookie))
            for _ in 1...11 { _ = try await Self.attempt(site, Self.wrong) }
            #expect(try await Self.attempt(site, codes[0]).title == "Welcome back")
            _ = try await Self.attempt(site, codes[0])
        }
        let log = handler.entries.map { "\($0)" }.joined(separator: "\n")
        #expect(!handler.entries.isEmpty)
        for secret in secrets {
            #expect(!log.contains(secret) && !log.contains(secret.replacing("-", with: "")), "a secret is in the log")
        }
        let code = RecoveryCode.random()
        var dumped = "\(code) \(String(reflecting: code))"
        dump(code, to: &dumped)
        #expect(!dumped.contains(code.grouped.prefix(5)))
    }

    @Test(arguments: [
        ("", false), ("AAAAA-BBBBB-CCCC", false), ("AAAAA-BBBBB-CCCCCC", false), ("AAAAA-BBBBB-CCCCO", false),
        ("aaaaa bbbbb ccccc", true), (" AAAAABBBBBCCCCC\n", true), ("AAAAA–BBBBB–CCCCC", true),
        ("AAAAA_BBBBB_CCCCC", false), (String(repeating: " ", count: 200) + "AAAAABBBBBCCCCC", false),
    ])
    func typedCodesAreRead(text: String, isCode: Bool) {
        #expect(RecoveryCode(typed: text)?.grouped == (isCode ? Self.wrong : nil))
    }
}
