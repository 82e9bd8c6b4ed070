// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit

/// An incomplete policy, with the format of codes and the device lane as separate settings.
///
/// The device lane (`DeviceLane`) is the part of a number's limits that only known devices can use.
struct PolicyDraft: Sendable {
    /// The characters of generated codes.
    enum Alphabet: String, Sendable {
        case digits, alphanumeric
    }

    /// The policy without the format of codes, the device lane and the destinations.
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
