// SPDX-License-Identifier: Apache-2.0

/// The part of a number's limits that only known devices (devices with a valid ``DeviceToken``) can use.
///
/// A stranger who uses up the limits of a number cannot lock out the owner's known device. There are two sets of limits, which
/// are called lanes. Known devices use the device lane, and all other callers use the open lane. The lanes share one history of
/// sends and failed attempts, but the device lane admits more of them.
///
/// - The numbers in ``sends`` and ``consecutiveFailures`` are reserved for the device lane. These numbers are part of the
///   totals in ``OTPLimits``.
/// - The numbers in ``failures`` are additional failed attempts for the device lane. For the open lane, ``OTPLimits/failures``
///   applies unchanged.
public struct DeviceLane: Sendable, Hashable {
    /// The number of sends that are reserved for known devices, for each window of ``OTPLimits/sends``.
    ///
    /// Each entry must have the length of a window of ``OTPLimits/sends``, and a smaller count than that window. The remaining
    /// sends are available to all callers. Windows without an entry have the same limit for all callers.
    public var sends: [WindowLimit] = [
        WindowLimit(1, per: .seconds(3600)),
        WindowLimit(3, per: .seconds(86_400)),
    ]

    /// The additional failed attempts that known devices can make, for each window of ``OTPLimits/failures``.
    ///
    /// There must be one entry for each window length in ``OTPLimits/failures``.
    ///
    /// Even during a lockout, callers without a valid device token can make the first attempt for each of their challenges. If
    /// such an attempt fails, it also counts toward the limits of known devices. To leave attempts for known devices, the count
    /// of each entry must be larger than the maximum number of live challenges of callers without a device token. With the
    /// default limits, this maximum is 4.
    public var failures: [WindowLimit] = [
        WindowLimit(5, per: .seconds(3600)),
        WindowLimit(10, per: .seconds(86_400)),
        WindowLimit(30, per: .seconds(30 * 86_400)),
    ]

    /// The part of ``OTPLimits/consecutiveFailures`` that is reserved for known devices.
    ///
    /// With the default limits, 80 consecutive failures disable the number for callers without a device token. For known
    /// devices, 100 consecutive failures disable the number. A success of a known device resets the count of consecutive
    /// failures for all callers.
    public var consecutiveFailures = 20

    /// Creates a device lane with the default values.
    public init() {}
}

extension DeviceLane: Codable {
    private enum CodingKeys: CodingKey { case sends, failures, consecutiveFailures }

    /// Decodes a device lane, with window lengths in seconds.
    ///
    /// A missing value has its default. Decoding does not check the ranges. ``OTPPolicy/validate()`` checks them.
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
