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
        case registered(RegisteredScreen)
    }

    /// The content of the form for a phone number.
    struct NumberScreen: Sendable {
        /// The selected region.
        var region: Region
        /// The phone number as the user typed it.
        var typed = ""
        /// The current phone number of the account, which the new one replaces; `nil` before the registration.
        var present: PhoneNumber?
    }

    /// The content of the form for a code.
    struct CodeScreen: Sendable {
        var number: PhoneNumber
        var length: Int
        var attemptsRemaining: Int
        var expiresAt: Date
        /// The earliest time at which the code can be sent again; `nil` if the code expires before this time.
        var resendAt: Date?
        /// Whether the code can no longer be verified.
        var isOver = false
    }

    /// The way in which a visitor reached an account, such as a new registration.
    enum Arrival: Sendable {
        case created, returned, stayed
    }

    /// The content of the account page after a verification.
    struct RegisteredScreen: Sendable {
        var number: PhoneNumber
        var arrival = Arrival.created
    }

    var language: PageLanguage
    /// The value of the hidden field that binds a form to the current state of a session.
    var formID: String
    var screen: Screen
    var notice: Notice?
    var inbox: InboxView
    /// The current time, from which all countdowns are computed.
    var now: Date
}

/// The messages that the page shows next to the form.
struct InboxView: Sendable {
    var messages: [DemoMessage] = []
    /// The cursor after the newest message.
    var cursor = ""
    /// The URL of the complete inbox; `nil` if there is no such page.
    var url: String?
}
