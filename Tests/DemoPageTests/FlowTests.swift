// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import OTPRedis
import OTPRedisTesting
import OTPTesting
import SMSKit
import SendGuard
import Testing

@testable import DemoPage

/// Tests of the registration over HTTP, without scripts.
@Suite(.timeLimit(.minutes(2))) struct FlowTests {
    @Test func visitorRegistersWithTheCode() async throws {
        try await DemoSite.run { site async throws in
            var visitor = try await site.visitor()
            #expect(visitor.title == "Create your account" && visitor.page.contains("No messages yet"))
            try await visitor.submit("number", ["region": "SG", "number": "9123 4567"])
            #expect(visitor.title == "Enter the code" && visitor.notice == nil)
            #expect(site.sms.messages.map(\.recipient) == [DemoSite.number])
            let code = try site.code()
            #expect(visitor.page.contains("<mark>\(code)</mark>"))
            try await visitor.submit("code", ["code": code])
            #expect(visitor.title == "Your account is ready" && visitor.page.contains("+65 9123 4567"))
            try await visitor.open()
            #expect(visitor.title == "Your account is ready")
            // The response to a known number differs only after its verification.
            site.clock.advance(by: .seconds(61))
            var other = try await site.visitorWithCode()
            #expect(other.title == "Enter the code" && other.notice == nil)
            try await other.submit("code", ["code": try site.code()])
            #expect(other.title == "Welcome back")
        }
    }

    @Test func chineseVisitorReadsChinese() async throws {
        try await DemoSite.run { site async throws in
            var visitor = try await site.visitor(accepting: "zh-CN,zh;q=0.9")
            #expect(visitor.title == "创建账号" && visitor.page.contains("selected>中国大陆 (+86)"))
            try await visitor.submit("number", ["region": "SG", "number": "9123 4567"])
            #expect(visitor.title == "输入验证码" && site.sms.messages[0].text.contains("验证码"))
            try await visitor.open("/demo?lang=en")
            #expect(visitor.title == "Enter the code")
            try await visitor.open("/demo?lang=xx")
            #expect(visitor.title == "Enter the code")
        }
    }

    @Test(arguments: [
        ("", "Enter your phone number."), ("123", "too short"), ("9123456789012", "too long"),
        ("9123 4567, 9123 4568", "one phone number"), ("9123 4567 ext. 5", "extension"), ("abc", "not a phone number"),
    ])
    func invalidNumberIsExplained(text: String, words: String) async throws {
        try await DemoSite.run { site async throws in
            let visitor = try await site.visitorWithCode(text)
            #expect(visitor.title == "Create your account" && visitor.notice?.contains(words) == true)
            #expect(visitor.page.contains("value=\"\(text)\"") && site.sms.messages.isEmpty)
        }
    }

    @Test func wrongCodesUseUpTheAttempts() async throws {
        try await DemoSite.run { site async throws in
            var visitor = try await site.visitorWithCode()
            try await visitor.submit("code", ["code": "12ab"])
            #expect(visitor.notice == "A code has 6 digits. This attempt does not count.")
            #expect(visitor.page.contains("5 attempts left"))
            let wrong = try site.wrongCode()
            for attempts in ["4 attempts left", "3 attempts left", "2 attempts left", "1 attempt left"] {
                try await visitor.submit("code", ["code": wrong])
                #expect(visitor.notice?.hasPrefix("That code is not right.") == true)
                #expect(visitor.page.contains(attempts))
            }
            try await visitor.submit("code", ["code": wrong])
            #expect(visitor.notice?.hasPrefix("There were too many wrong attempts") == true)
            #expect(!visitor.page.contains("id=\"code\""))
            // The button issues a new code as soon as the cooldown has ended.
            try await visitor.submit("resend")
            #expect(visitor.notice?.contains("another one in 1:00") == true && !visitor.page.contains("id=\"code\""))
            site.clock.advance(by: .seconds(60))
            try await visitor.submit("resend")
            #expect(visitor.page.contains("5 attempts left") && site.sms.messages.count == 2)
            try await visitor.submit("code", ["code": try site.code()])
            #expect(visitor.title == "Your account is ready")
        }
    }

    @Test func resendWaitsForTheCooldown() async throws {
        try await DemoSite.run { site async throws in
            var visitor = try await site.visitorWithCode()
            #expect(visitor.page.contains("data-seconds=\"60\">1:00</time>"))
            let first = try site.code()
            site.clock.advance(by: .seconds(15))
            try await visitor.submit("resend")
            #expect(visitor.notice == "We have just sent a code to this number. You can request another one in 0:45.")
            #expect(visitor.page.contains("id=\"code\"") && site.sms.messages.count == 1)
            site.clock.advance(by: .seconds(45))
            try await visitor.open()
            #expect(!visitor.page.contains("class=\"later\""))
            try await visitor.submit("resend")
            #expect(visitor.notice?.hasPrefix("We sent another message.") == true && site.sms.messages.count == 2)
            #expect(try site.code() == first)
            try await visitor.submit("code", ["code": first])
            #expect(visitor.title == "Your account is ready")
        }
    }

    @Test func sendLimitHasAWait() async throws {
        try await DemoSite.run(policy: { $0.limits.sends = [WindowLimit(1, per: .seconds(7200))] }) {
            site async throws in
            var visitor = try await site.visitorWithCode()
            site.clock.advance(by: .seconds(120))
            try await visitor.submit("resend")
            #expect(visitor.notice == "We have sent too many codes to this number. Try again in 1:58:00.")
        }
    }

    @Test func usedUpChallengeOffersANewCode() async throws {
        try await DemoSite.run(policy: { $0.limits.sendsPerChallenge = 1 }) { site async throws in
            var visitor = try await site.visitorWithCode()
            site.clock.advance(by: .seconds(61))
            try await visitor.submit("resend")
            #expect(visitor.notice == "This code was sent too often. Request a new one.")
            try await visitor.submit("resend")
            #expect(visitor.page.contains("id=\"code\"") && site.sms.messages.count == 2)
        }
    }

    @Test func lockedNumberHasAWait() async throws {
        try await DemoSite.run(policy: { $0.limits.failures = [WindowLimit(2, per: .seconds(600))] }) {
            site async throws in
            var visitor = try await site.visitorWithCode()
            let wrong = try site.wrongCode()
            for _ in 1...3 { try await visitor.submit("code", ["code": wrong]) }
            #expect(visitor.notice == "There were too many wrong codes for this number. Try again in 10:00.")
            try await visitor.submit("code", ["code": try site.code()])
            #expect(visitor.title == "Enter the code" && visitor.notice?.contains("Try again in 10:00") == true)
            let other = try await site.visitorWithCode()
            #expect(other.title == "Create your account" && other.notice?.contains("too many wrong codes") == true)
            #expect(site.sms.messages.count == 1)
        }
    }

    @Test func expiredCodeOffersANewOne() async throws {
        try await DemoSite.run { site async throws in
            var visitor = try await site.visitorWithCode()
            let code = try site.code()
            site.clock.advance(by: .seconds(301))
            try await visitor.open()
            #expect(visitor.notice == "This code is no longer valid. Request a new one.")
            #expect(!visitor.page.contains("id=\"code\""))
            try await visitor.submit("code", ["code": code])
            #expect(visitor.notice == "This code is no longer valid. Request a new one.")
            try await visitor.submit("resend")
            #expect(visitor.page.contains("5 attempts left"))
        }
    }

    @Test func visitorReturnsToTheNumber() async throws {
        try await DemoSite.run { site async throws in
            var visitor = try await site.visitorWithCode()
            let code = try site.code()
            try await visitor.submit("back")
            #expect(visitor.title == "Create your account" && visitor.page.contains("value=\"9123 4567\""))
            try await visitor.submit("code", ["code": code])
            #expect(visitor.title == "Create your account")
        }
    }

    // MARK: Faults

    @Test func destinationIsRefused() async throws {
        try await DemoSite.run(policy: { $0.destinations = [.mainlandChina] }) { site async throws in
            let visitor = try await site.visitorWithCode()
            #expect(visitor.notice == "We cannot send codes to this number. Use a mobile number.")
            #expect(site.sms.messages.isEmpty)
        }
    }

    @Test func gatewayFaultsAreExplained() async throws {
        let rejecting = RecordingSMSClient { _ in
            .rejected(SMSError(code: "NO", kind: .content, message: "a reason"))
        }
        try await DemoSite.run(sms: rejecting) { site async throws in
            var visitor = try await site.visitorWithCode()
            #expect(visitor.notice == "The message could not be sent. Check the number, or try again later.")
            try await visitor.submit("number", ["region": "SG", "number": "9123 4567"])
            #expect(visitor.notice == "The message could not be sent. Check the number, or try again in 0:02.")
        }
        let silent = RecordingSMSClient { _ in
            .unknown(SMSError(code: "timeout", kind: .transient, message: "a reason"))
        }
        try await DemoSite.run(sms: silent) { site async throws in
            let visitor = try await site.visitorWithCode()
            #expect(
                visitor.title == "Enter the code" && visitor.notice?.hasPrefix("The message may be delayed") == true
            )
        }
    }

    @Test func outageOfRedisKeepsTheSession() async throws {
        try await withRedis { redis async throws in
            let store = try RedisOTPStore(url: redis.url)
            try await DemoSite.run(store: store) { site async throws in
                var visitor = try await site.visitorWithCode()
                let code = try site.code()
                try await redis.stop()
                for action in ["code", "resend"] {
                    try await visitor.submit(action, ["code": code])
                    #expect(visitor.title == "Enter the code" && visitor.page.contains("id=\"code\""))
                    #expect(visitor.notice?.hasPrefix("The service is not available right now.") == true)
                }
                let other = try await site.visitorWithCode()
                #expect(other.title == "Create your account" && other.notice?.contains("not available") == true)
                #expect(site.sms.messages.count == 1)
            }
            await store.shutdown()
        }
    }

    // MARK: The guard

    @Test func guardBlocksInPlainWords() async throws {
        try await DemoSite.run(guarded: { $0.serviceBudget = .init(messages: 1) }) { site async throws in
            _ = try await site.visitorWithCode()
            let visitor = try await site.visitorWithCode("9123 4568")
            #expect(visitor.title == "Create your account" && site.sms.messages.count == 1)
            #expect(visitor.notice?.hasPrefix("We cannot send a code right now. Try again") == true)
        }
    }

    @Test func guardAsksForAHumanCheck() async throws {
        try await DemoSite.run(guarded: { _ in }) { site async throws in
            for (region, number) in [("GB", "7400 123456"), ("FR", "6 12 34 56 78"), ("DE", "1512 3456789")] {
                var visitor = try await site.visitor()
                try await visitor.submit("number", ["region": region, "number": number])
                try #require(visitor.title == "Enter the code")
            }
            var visitor = try await site.visitor()
            try await visitor.submit("number", ["region": "JP", "number": "90 1234 5678"])
            #expect(visitor.title == "One more step" && site.sms.messages.count == 3)
            try await visitor.submit("check")
            #expect(visitor.notice == "Please tick the box to continue." && site.sms.messages.count == 3)
            try await visitor.submit("check", ["person": "yes"])
            #expect(visitor.title == "Enter the code" && site.sms.messages.count == 4)
            try await visitor.submit("code", ["code": try site.code(PhoneNumber(e164: "+819012345678")!)])
            #expect(visitor.title == "Your account is ready")
        }
    }

    @Test func responseOfTheHumanCheckIsBoundToItsNumber() async throws {
        let check = DemoHumanCheck()
        func request(_ number: String) -> SendRequest {
            SendRequest(number: PhoneNumber(e164: number)!, tenant: "default", purpose: "registration", source: nil)
        }
        let response = check.makeResponse(for: DemoSite.number)
        #expect(try await check.verify("invented", of: request("+6591234567")) == .failed(.rejected))
        #expect(try await check.verify(response, of: request("+6591234567")) == .passed)
        #expect(try await check.verify(response, of: request("+6591234567")) == .failed(.rejected))
        let other = check.makeResponse(for: DemoSite.number)
        #expect(try await check.verify(other, of: request("+6591234568")) == .failed(.otherSubject))
    }
}
