// SPDX-License-Identifier: Apache-2.0

/// The parts of the configuration that a server shows to its clients.
extension OTPService {
    /// The number of characters in a code.
    package var codeLength: Int { self.policy.format.length }

    /// Whether clients with a valid device token have separate limits (``DeviceLane``).
    package var hasDeviceLane: Bool { self.policy.deviceLane != nil }

    /// Returns the message language that best matches a language tag, or `nil` if no language matches.
    package func locale(matching languageTag: String) -> MessageLocale? {
        self.messages.locale(matching: languageTag)
    }

    /// Returns the message language that best matches an `Accept-Language` header, or `nil` if the header selects no language.
    package func locale(acceptLanguage header: String) -> MessageLocale? {
        self.messages.locale(acceptLanguage: header)
    }
}
