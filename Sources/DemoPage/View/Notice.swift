// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import SMSKit

/// An error or a confirmation for the visitor.
enum Notice: Sendable, Hashable {
    case emptyNumber, invalidNumber, shortNumber, longNumber, severalNumbers, numberExtension, destination, ownNumber
    case incorrectCode, malformedCode(length: Int), expired, attemptsExhausted, resendsExhausted
    case cooldown(until: Date), sendLimit(until: Date), locked(until: Date), disabled
    case blocked(until: Date?), delivery(until: Date?), unavailable
    case checkFailed, outdated, cookies
    case sent, delayed, changed(from: PhoneNumber, isNotified: Bool), taken
    case recoveryRefused, malformedRecovery, recoveryLocked(until: Date)

    /// The kind of notice, which determines its color and its announcement by a screen reader.
    enum Tone: String, Sendable { case error, info, success }

    /// The input field next to which a notice is shown.
    enum Field: Sendable { case number, code, check, recovery }

    var tone: Tone {
        switch self {
        case .sent, .changed: .success
        case .delayed, .outdated, .cooldown: .info
        default: .error
        }
    }

    var field: Field? {
        switch self {
        case .emptyNumber, .invalidNumber, .shortNumber, .longNumber, .severalNumbers, .numberExtension, .destination,
            .ownNumber:
            .number
        case .incorrectCode, .malformedCode: .code
        case .checkFailed: .check
        case .recoveryRefused, .malformedRecovery: .recovery
        default: nil
        }
    }
}

extension Notice {
    /// Creates the notice for a text that is not a phone number.
    init(_ error: PhoneNumberError) {
        switch error.code {
        case .empty: self = .emptyNumber
        case .tooShort: self = .shortNumber
        case .tooLong: self = .longNumber
        case .severalNumbers: self = .severalNumbers
        case .extension: self = .numberExtension
        default: self = .invalidNumber
        }
    }

    /// Creates the notice for an error of the service.
    ///
    /// The error `humanCheckRequired` has no notice, because the page shows the human check.
    ///
    /// - Parameters:
    ///   - error: The error.
    ///   - codeLength: The number of digits in a code.
    ///   - now: The time of the error.
    init(_ error: OTPError, codeLength: Int, at now: Date) {
        let until = error.retryAfterSeconds.map { now.addingTimeInterval(Double($0)) }
        switch error.code {
        case .incorrectCode: self = .incorrectCode
        case .malformedCode: self = .malformedCode(length: codeLength)
        case .expired, .keyUnavailable: self = .expired
        case .attemptsExhausted: self = .attemptsExhausted
        case .rateLimited: self = Self.rateLimited(error.limit, until)
        case .locked: self = .locked(until: until ?? now)
        case .disabled: self = .disabled
        case .destinationNotAllowed: self = .destination
        case .blocked: self = .blocked(until: until)
        case .deliveryFailed: self = .delivery(until: until)
        default: self = .unavailable
        }
    }

    private static func rateLimited(_ limit: Refusal.Limit?, _ until: Date?) -> Self {
        guard let until else { return .resendsExhausted }
        switch limit?.name {
        case .cooldown: return .cooldown(until: until)
        case .refusedSends: return .delivery(until: until)
        default: return .sendLimit(until: until)
        }
    }
}
