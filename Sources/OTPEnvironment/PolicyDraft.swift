// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit

/// A policy whose code format and device lane are still separate settings.
struct PolicyDraft: Sendable {
    /// The symbols of a code.
    enum Alphabet: String, Sendable {
        case digits, alphanumeric
    }

    /// The settings that the draft shares with the policy.
    var base = OTPPolicy(destinations: [])

    var codeLength = 6
    var codeAlphabet = Alphabet.digits
    var hasDeviceLane = false
    var deviceLane = DeviceLane()

    /// Returns the policy with destinations.
    func policy(destinations: Set<Region>) -> OTPPolicy {
        var policy = self.base
        policy.destinations = destinations
        policy.format = self.codeAlphabet == .digits ? .digits(self.codeLength) : .alphanumeric(self.codeLength)
        policy.deviceLane = self.hasDeviceLane ? self.deviceLane : nil
        return policy
    }
}
