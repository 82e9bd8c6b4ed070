// SPDX-License-Identifier: Apache-2.0

import SMSKit

extension OTPPolicy: Codable {
    private enum CodingKeys: CodingKey {
        case format, strict20, resend, limits, destinations, kinds, proofLifetime, sendTimeout, maximumOverdueSends
        case maximumPendingSends, profile, testNumbers, deviceLane, deviceTokenLifetime
    }

    /// Decodes a policy.
    ///
    /// Durations are in seconds, regions are region codes, and kinds of numbers are names. Only `destinations` is required.
    /// Decoding does not check whether the values are in the permitted ranges. ``validate()`` checks the ranges.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let regions = try container.decode([String].self, forKey: .destinations)
        self.init(destinations: Set(try regions.map { try Self.read($0, .destinations, container) { Region($0) } }))
        self.format = try container.decodeIfPresent(CodeFormat.self, forKey: .format) ?? self.format
        self.strict20 = try container.decodeIfPresent(Bool.self, forKey: .strict20) ?? self.strict20
        self.resend = try container.decodeIfPresent(ResendPolicy.self, forKey: .resend) ?? self.resend
        self.limits = try container.decodeIfPresent(OTPLimits.self, forKey: .limits) ?? self.limits
        if let names = try container.decodeIfPresent([String].self, forKey: .kinds) {
            self.kinds = Set(try names.map { try Self.read($0, .kinds, container) { PhoneNumber.Kind(name: $0) } })
        }
        self.profile = try container.decodeIfPresent(Profile.self, forKey: .profile) ?? self.profile
        self.testNumbers = try container.decodeIfPresent([TestNumber].self, forKey: .testNumbers) ?? self.testNumbers
        self.proofLifetime =
            try container.decodeIfPresent(CodedSeconds.self, forKey: .proofLifetime)?.duration ?? self.proofLifetime
        self.sendTimeout =
            try container.decodeIfPresent(CodedSeconds.self, forKey: .sendTimeout)?.duration ?? self.sendTimeout
        self.maximumOverdueSends =
            try container.decodeIfPresent(Int.self, forKey: .maximumOverdueSends) ?? self.maximumOverdueSends
        self.maximumPendingSends =
            try container.decodeIfPresent(Int.self, forKey: .maximumPendingSends) ?? self.maximumPendingSends
        self.deviceLane = try container.decodeIfPresent(DeviceLane.self, forKey: .deviceLane)
        self.deviceTokenLifetime =
            try container.decodeIfPresent(CodedSeconds.self, forKey: .deviceTokenLifetime)?.duration
            ?? self.deviceTokenLifetime
    }

    /// Encodes all settings.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.format, forKey: .format)
        try container.encode(self.strict20, forKey: .strict20)
        try container.encode(self.resend, forKey: .resend)
        try container.encode(self.limits, forKey: .limits)
        try container.encode(self.destinations.map(\.code).sorted(), forKey: .destinations)
        try container.encode(self.kinds.map(\.description).sorted(), forKey: .kinds)
        try container.encode(self.profile, forKey: .profile)
        try container.encode(self.testNumbers, forKey: .testNumbers)
        try container.encode(CodedSeconds(self.proofLifetime), forKey: .proofLifetime)
        try container.encode(CodedSeconds(self.sendTimeout), forKey: .sendTimeout)
        try container.encode(self.maximumOverdueSends, forKey: .maximumOverdueSends)
        try container.encode(self.maximumPendingSends, forKey: .maximumPendingSends)
        try container.encodeIfPresent(self.deviceLane, forKey: .deviceLane)
        try container.encode(CodedSeconds(self.deviceTokenLifetime), forKey: .deviceTokenLifetime)
    }

    private static func read<Value>(
        _ name: String,
        _ key: CodingKeys,
        _ container: KeyedDecodingContainer<CodingKeys>,
        _ read: (String) -> Value?
    ) throws -> Value {
        guard let value = read(name) else {
            let message = "'\(name.prefix(32))' is not a known value"
            throw DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: message)
        }
        return value
    }
}
