// SPDX-License-Identifier: Apache-2.0

import Foundation
import SMSKit

/// Everything that the page shows.
///
/// The rendering is a pure function of this value.
struct PageView: Sendable {
    /// The step of the registration.
    enum Screen: Sendable {
        case number(NumberScreen)
        case check(PhoneNumber)
        case code(CodeScreen)
        case registered(RegisteredScreen)
    }

    /// The form for a phone number.
    struct NumberScreen: Sendable {
        /// The selected region.
        var region: Region
        /// The number as the user typed it.
        var typed = ""
        /// The present number of the account, which the new number replaces; `nil` before a registration.
        var present: PhoneNumber?
    }

    /// The form for a code.
    struct CodeScreen: Sendable {
        var number: PhoneNumber
        var length: Int
        var attemptsRemaining: Int
        var expiresAt: Date
        /// The earliest time of another message; `nil` if the code expires before this time.
        var resendAt: Date?
        /// Whether the code can no longer be verified.
        var isOver = false
    }

    /// The way in which a visitor has reached an account.
    enum Arrival: Sendable {
        case created, returned, stayed
    }

    /// The account after a verification.
    struct RegisteredScreen: Sendable {
        var number: PhoneNumber
        var arrival = Arrival.created
    }

    var language: PageLanguage
    /// The value that ties a form to one state of one session.
    var formID: String
    var screen: Screen
    var notice: Notice?
    var inbox: InboxView
    /// The time to which all waits are relative.
    var now: Date
}

/// The messages that the page shows next to the form.
struct InboxView: Sendable {
    var messages: [DemoMessage] = []
    /// The position after the newest message.
    var cursor = ""
    /// The URL of the complete inbox; `nil` without one.
    var url: String?
}
