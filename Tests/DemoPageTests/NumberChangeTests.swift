// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import Testing

@testable import DemoPage

/// Tests of the account: a change of the number (REQ-70), and actions that do not trust the client (T10, T11).
@Suite(.timeLimit(.minutes(1))) struct NumberChangeTests {
    private static let newNumber = PhoneNumber(e164: "+6598765432")!

    @Test func changeVerifiesTheNewNumberAndNotifiesTheOldOne() async throws {
        try await DemoSite.run { site async throws in
            var visitor = try await site.registeredVisitor()
            try await visitor.submit("change")
            #expect(visitor.title == "Change your number" && visitor.page.contains("+65 9123 4567"))
            try await visitor.submit("number", ["region": "SG", "number": "9123 4567"])
            #expect(visitor.notice == "This is already the number of your account.")
            try await visitor.submit("number", ["region": "SG", "number": "9876 5432"])
            try await visitor.submit("code", ["code": try site.wrongCode(Self.newNumber)])
            #expect(visitor.title == "Enter the code" && site.sms.messages.count == 2)
            try await visitor.submit("code", ["code": try site.code(Self.newNumber)])
            #expect(visitor.notice == "Your number was changed. We notified +65 9123 4567.")
            #expect(visitor.page.contains("<dd><bdi class=\"number\">+65 9876 5432"))
            let notification = try #require(site.sms.messages.last)
            #expect(notification.recipient == DemoSite.number && notification.category == .notification)
            #expect(notification.text.contains("ends in 32") && !notification.text.contains("9876"))
            // The old number no longer belongs to the account.
            site.clock.advance(by: .seconds(61))
            var other = try await site.visitorWithCode()
            try await other.submit("code", ["code": try site.code()])
            #expect(other.title == "Your account is ready")
        }
    }

    @Test func numberOfAnotherAccountIsNotTaken() async throws {
        try await DemoSite.run { site async throws in
            var other = try await site.visitorWithCode("9876 5432")
            try await other.submit("code", ["code": try site.code(Self.newNumber)])
            site.clock.advance(by: .seconds(61))
            var visitor = try await site.registeredVisitor()
            try await visitor.submit("change")
            try await visitor.submit("number", ["region": "SG", "number": "9876 5432"])
            #expect(visitor.title == "Enter the code" && visitor.notice == nil)
            let count = site.sms.messages.count
            try await visitor.submit("code", ["code": try site.code(Self.newNumber)])
            #expect(visitor.notice?.contains("belongs to another account") == true)
            #expect(visitor.page.contains("<dd><bdi class=\"number\">+65 9123 4567"))
            #expect(site.sms.messages.count == count)
        }
    }

    @Test("T11: a number selects an account only after the user of the account has verified the number")
    func unverifiedNumberSelectsNoAccount() async throws {
        try await DemoSite.run { site async throws in
            // The account requests a change, but its user has not entered the code yet.
            var owner = try await site.registeredVisitor()
            try await owner.submit("change")
            try await owner.submit("number", ["region": "SG", "number": "9876 5432"])
            let pendingCode = try site.code(Self.newNumber)
            site.clock.advance(by: .seconds(61))
            // The unverified number selects no account, so its real owner gets a new one.
            var other = try await site.visitorWithCode("9876 5432")
            try await other.submit("code", ["code": try site.code(Self.newNumber)])
            #expect(other.title == "Your account is ready")
            try await owner.submit("code", ["code": pendingCode])
            #expect(owner.notice?.contains("belongs to another account") == true)
            #expect(owner.page.contains("<dd><bdi class=\"number\">+65 9123 4567"))
            // Without the code, the verified number of an account selects nothing either.
            site.clock.advance(by: .seconds(61))
            var stranger = try await site.visitorWithCode()
            try await stranger.submit("code", ["code": try site.wrongCode()])
            try await stranger.open()
            #expect(stranger.title == "Enter the code" && !stranger.page.contains("Welcome back"))
            try await stranger.submit("code", ["code": try site.code()])
            #expect(stranger.title == "Welcome back")
        }
    }

    @Test func codeOfARegistrationDoesNotChangeANumber() async throws {
        try await DemoSite.run { site async throws in
            _ = try await site.visitorWithCode("9876 5432")
            let registrationCode = try site.code(Self.newNumber)
            var visitor = try await site.registeredVisitor()
            site.clock.advance(by: .seconds(61))
            try await visitor.submit("change")
            try await visitor.submit("number", ["region": "SG", "number": "9876 5432"])
            if try site.code(Self.newNumber) == registrationCode { return }
            try await visitor.submit("code", ["code": registrationCode])
            #expect(visitor.title == "Enter the code")
        }
    }

    @Test func changeCanBeAbandoned() async throws {
        try await DemoSite.run { site async throws in
            var visitor = try await site.registeredVisitor()
            try await visitor.submit("change")
            try await visitor.submit("back")
            #expect(visitor.title == "Your account" && site.sms.messages.count == 1)
            try await visitor.submit("sign-out")
            #expect(visitor.title == "Create your account" && !visitor.page.contains("value=\"9123"))
        }
    }

    /// A form cannot set values that only the server may set.
    @Test func claimsOfTheClientHaveNoEffect() async throws {
        try await DemoSite.run { site async throws in
            var visitor = try await site.visitorWithCode()
            let claims = ["number": "+6598765432", "verified": "yes", "account": "1", "step": "registered"]
            for action in ["change", "sign-out", "check", "number"] {
                try await visitor.submit(action, claims)
                #expect(
                    visitor.title == "Enter the code" && visitor.notice?.contains("out of date") == true,
                    "\(action)"
                )
            }
            #expect(site.sms.messages.count == 1)
            try await visitor.submit("code", claims.merging(["code": try site.code()]) { $1 })
            #expect(visitor.page.contains("<dd><bdi class=\"number\">+65 9123 4567"))
            #expect(!visitor.page.contains("9876 5432"))
        }
    }
}
