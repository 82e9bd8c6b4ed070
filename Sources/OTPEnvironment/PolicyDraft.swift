// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit

/// A policy under construction, in which the format of codes and the device lane are still separate settings.
struct PolicyDraft: Sendable {
    /// The set of characters from which codes are generated.
    enum Alphabet: String, Sendable {
        case digits, alphanumeric
    }

    /// The policy, whose code format, device lane and destinations are not set yet.
    var base = OTPPolicy(destinations: [])

    var codeLength = 6
    var codeAlphabet = Alphabet.digits
    var hasDeviceLane = false
    var deviceLane = DeviceLane()

    /// Returns the complete policy for the given destinations.
    func policy(destinations: Set<Region>) -> OTPPolicy {
        var policy = self.base
        policy.destinations = destinations
        policy.format = self.codeAlphabet == .digits ? .digits(self.codeLength) : .alphanumeric(self.codeLength)
        policy.deviceLane = self.hasDeviceLane ? self.deviceLane : nil
        return policy
    }
}
