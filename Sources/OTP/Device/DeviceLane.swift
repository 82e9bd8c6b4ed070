// SPDX-License-Identifier: Apache-2.0

/// The part of a number's limits that only known devices can use.
///
/// A number has one history of sends and failed attempts, and two lanes. The open lane is for every caller. The device lane is
/// for callers with a valid ``DeviceToken`` of the number. The device lane admits more than the open lane. Therefore a stranger
/// who uses up the open lane cannot lock out the owner's known device.
///
/// ``sends`` and ``consecutiveFailures`` reserve a part of the number's limits for the device lane. The open lane cannot use
/// this part, so the totals of ``OTPLimits`` still apply. ``failures`` are additional attempts of the device lane, so
/// ``OTPLimits/failures`` applies to the open lane unchanged.
public struct DeviceLane: Sendable, Hashable {
    /// The number of sends that are reserved for known devices, for each window of ``OTPLimits/sends``.
    ///
    /// Each window must have the length of a window of ``OTPLimits/sends``, and leave at least one send for other callers. A
    /// window of ``OTPLimits/sends`` that is not listed here has the same limit for all callers.
    public var sends: [WindowLimit] = [
        WindowLimit(1, per: .seconds(3600)),
        WindowLimit(3, per: .seconds(86_400)),
    ]

    /// The additional failed attempts that known devices can make, for each window of ``OTPLimits/failures``.
    ///
    /// There must be one entry for each window length in ``OTPLimits/failures``. Each count must be larger than the number of
    /// challenges of other callers that can be live at the same time: with the default limits, 4 sends within the lifetime of a
    /// code. The reason is that other callers may make the first attempt for each challenge even during a lockout, and their
    /// failed attempts also count for known devices.
    public var failures: [WindowLimit] = [
        WindowLimit(5, per: .seconds(3600)),
        WindowLimit(10, per: .seconds(86_400)),
        WindowLimit(30, per: .seconds(30 * 86_400)),
    ]

    /// The part of ``OTPLimits/consecutiveFailures`` that is reserved for known devices.
    ///
    /// For other callers, the number is disabled this many failed attempts earlier than for known devices. A success of a known
    /// device ends the failure streak for all callers.
    public var consecutiveFailures = 20

    /// Creates a device lane with the default values.
    public init() {}
}

extension DeviceLane: Codable {
    private enum CodingKeys: CodingKey { case sends, failures, consecutiveFailures }

    /// Decodes a device lane, with window lengths in seconds.
    ///
    /// A missing value has its default. The ranges are not checked during decoding, but by ``OTPPolicy/validate()``.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.sends = try container.decodeIfPresent([WindowLimit].self, forKey: .sends) ?? self.sends
        self.failures = try container.decodeIfPresent([WindowLimit].self, forKey: .failures) ?? self.failures
        self.consecutiveFailures =
            try container.decodeIfPresent(Int.self, forKey: .consecutiveFailures) ?? self.consecutiveFailures
    }

    /// Encodes all values, with window lengths in seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.sends, forKey: .sends)
        try container.encode(self.failures, forKey: .failures)
        try container.encode(self.consecutiveFailures, forKey: .consecutiveFailures)
    }
}
