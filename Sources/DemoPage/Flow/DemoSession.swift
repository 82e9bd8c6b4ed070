// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import SMSKit

/// The state of one visitor, which only the server knows.
///
/// The browser has only the identifier of the session, in a cookie.
struct DemoSession: Sendable {
    /// A challenge whose code the visitor was asked for.
    struct Pending: Sendable {
        var number: PhoneNumber
        var token: ChallengeToken
        var attemptsRemaining: Int
        var expiresAt: Date
        var resendAt: Date?
        var isOver = false
    }

    /// A message that waits for a human check.
    struct Checked: Sendable {
        var number: PhoneNumber
        /// The challenge to send again; `nil` to issue a new one.
        var pending: Pending?
    }

    /// The step of the registration.
    enum Step: Sendable {
        case number
        case check(Checked)
        case code(Pending)
        case registered(PageView.Arrival)
    }

    var step = Step.number
    var notice: Notice?
    var region: Region
    var typed = ""

    /// The account that the visitor has verified a number for; `nil` before a registration.
    var account: DemoAccounts.ID?

    /// The language that the visitor selected; `nil` for the language of the browser.
    var language: PageLanguage?

    /// The value of the hidden field of all forms, which changes with each request that is handled.
    ///
    /// A form of another site or of an earlier page, or the second request of a double click, has another value.
    private(set) var formID = Self.randomText()

    /// The value of the forms of the page before, whose repeated submission has no effect.
    private(set) var lastFormID: String?

    /// Creates the session of a new visitor.
    ///
    /// - Parameter region: The selected region.
    init(region: Region) { self.region = region }

    /// Invalidates the forms of all pages so far.
    mutating func renewForm() {
        self.lastFormID = self.formID
        self.formID = Self.randomText()
    }

    /// Returns 128 random bits as text.
    static func randomText() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in String(generator.next() as UInt64, radix: 36) }.joined(separator: "-")
    }
}
