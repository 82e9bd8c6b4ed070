// SPDX-License-Identifier: Apache-2.0

import Foundation
import SMSKit

/// The content of the page, from which the HTML is rendered.
struct PageView: Sendable {
    /// The step of the registration.
    enum Screen: Sendable {
        case number(NumberScreen)
        case check(PhoneNumber)
        case code(CodeScreen)
        case recovery(NumberScreen)
        case codes([RecoveryCode])
        case registered(RegisteredScreen)
    }

    /// The content of the form for a phone number.
    struct NumberScreen: Sendable {
        /// The selected region.
        var region: Region
        /// The phone number as the user typed it.
        var typed = ""
        /// The current phone number of the account; `nil` before the registration.
        var present: PhoneNumber?
    }

    /// The content of the form for a code.
    struct CodeScreen: Sendable {
        var number: PhoneNumber
        var length: Int
        var attemptsRemaining: Int
        var expiresAt: Date
        /// The earliest time of a resend; `nil` if the code expires before a resend is allowed.
        var resendAt: Date?
        /// Whether the code can no longer be verified.
        var isOver = false
    }

    /// The way in which a visitor came to an account, such as a new registration.
    enum Arrival: Sendable {
        case created, returned, stayed, recovered
    }

    /// The content of the account page after a verification.
    struct RegisteredScreen: Sendable {
        var number: PhoneNumber
        var arrival = Arrival.created
        /// The number of unused recovery codes; `nil` if the account has never had codes.
        var codesRemaining: Int?
    }

    var language: PageLanguage
    /// The value of the hidden field in all forms.
    var formID: String
    var screen: Screen
    var notice: Notice?
    var inbox: InboxView
    /// The current time, for countdowns.
    var now: Date
}

/// The messages next to the form.
struct InboxView: Sendable {
    var messages: [DemoMessage] = []
    /// The cursor after the newest message.
    var cursor = ""
    /// The URL of the complete inbox; `nil` if there is no such page.
    var url: String?
}
