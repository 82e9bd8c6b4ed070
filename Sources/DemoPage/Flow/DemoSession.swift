// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import SMSKit

/// The state of one visitor, which is stored only on the server.
///
/// The browser has only a cookie with the identifier of the session.
struct DemoSession: Sendable {
    /// A challenge that waits for the visitor's code.
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
        /// The challenge whose code is resent; `nil` for a new challenge.
        var pending: Pending?
    }

    /// The step of the registration.
    enum Step: Sendable {
        case number
        case check(Checked)
        case code(Pending)
        case recovery
        case registered(PageView.Arrival)
    }

    var step = Step.number
    var notice: Notice?
    var region: Region
    var typed = ""

    /// The identifier of the visitor's account; `nil` before the registration.
    var account: DemoAccounts.ID?

    /// New recovery codes, until a page has shown them.
    var newCodes: [RecoveryCode] = []

    /// The failed attempts to sign in with a recovery code.
    var failures = FailureWindow()

    /// The language that the visitor selected; `nil` for the language of the browser.
    var language: PageLanguage?

    /// The value of a hidden field in all forms of the page.
    ///
    /// The value changes after each action, and a form with another value performs no action. Such a form can come from another
    /// site, from an earlier page, or from a double click.
    private(set) var formID = Self.randomText()

    /// The previous value of ``formID``, which identifies the second request of a double click.
    private(set) var lastFormID: String?

    /// Creates the session of a new visitor.
    ///
    /// - Parameter region: The initially selected region.
    init(region: Region) { self.region = region }

    /// Invalidates the forms of all earlier pages.
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
