// SPDX-License-Identifier: Apache-2.0

extension OTPLimits: Codable {
    private enum CodingKeys: CodingKey, CaseIterable {
        case lifetime, attemptsPerCode, attemptsPerChallenge, sendsPerChallenge, cooldown, refusedCooldown,
            cooldownReset
        case sends, failures, consecutiveFailures, consecutiveFailuresRetention
    }

    /// Decodes limits, with durations in seconds.
    ///
    /// A missing limit has its default. Decoding does not check the ranges. ``OTPPolicy/validate()`` and
    /// ``StoreLimits/init(_:)`` check them.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        func duration(_ key: CodingKeys, _ value: inout Duration) throws {
            value = try container.decodeIfPresent(CodedSeconds.self, forKey: key)?.duration ?? value
        }
        func durations(_ key: CodingKeys, _ value: inout [Duration]) throws {
            value = try container.decodeIfPresent([CodedSeconds].self, forKey: key)?.map(\.duration) ?? value
        }
        func any<Value: Decodable>(_ key: CodingKeys, _ value: inout Value) throws {
            value = try container.decodeIfPresent(Value.self, forKey: key) ?? value
        }
        try duration(.lifetime, &self.lifetime)
        try any(.attemptsPerCode, &self.attemptsPerCode)
        try any(.attemptsPerChallenge, &self.attemptsPerChallenge)
        try any(.sendsPerChallenge, &self.sendsPerChallenge)
        try durations(.cooldown, &self.cooldown)
        try durations(.refusedCooldown, &self.refusedCooldown)
        try duration(.cooldownReset, &self.cooldownReset)
        try any(.sends, &self.sends)
        try any(.failures, &self.failures)
        try any(.consecutiveFailures, &self.consecutiveFailures)
        try duration(.consecutiveFailuresRetention, &self.consecutiveFailuresRetention)
    }

    /// Encodes all limits, with durations in seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(CodedSeconds(self.lifetime), forKey: .lifetime)
        try container.encode(self.attemptsPerCode, forKey: .attemptsPerCode)
        try container.encode(self.attemptsPerChallenge, forKey: .attemptsPerChallenge)
        try container.encode(self.sendsPerChallenge, forKey: .sendsPerChallenge)
        try container.encode(self.cooldown.map(CodedSeconds.init), forKey: .cooldown)
        try container.encode(self.refusedCooldown.map(CodedSeconds.init), forKey: .refusedCooldown)
        try container.encode(CodedSeconds(self.cooldownReset), forKey: .cooldownReset)
        try container.encode(self.sends, forKey: .sends)
        try container.encode(self.failures, forKey: .failures)
        try container.encode(self.consecutiveFailures, forKey: .consecutiveFailures)
        try container.encode(CodedSeconds(self.consecutiveFailuresRetention), forKey: .consecutiveFailuresRetention)
    }
}
