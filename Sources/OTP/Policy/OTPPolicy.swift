// SPDX-License-Identifier: Apache-2.0

public import SMSKit

/// The form of codes, their lifetime, and all limits.
public struct OTPPolicy: Sendable, Hashable {
    /// The form of a code; the default is 6 digits.
    public var format = CodeFormat.digits(6)

    /// Whether a code must have at least 20 bits of entropy; the default is `false`.
    ///
    /// NIST SP 800-63B revision 3 section 5.1.3.2 required 20 bits.
    public var strict20 = false

    /// Whether a resend contains the same code or a new code; the default is the same code.
    public var resend = ResendPolicy.repeat

    /// The lifetime of codes, and the limits on attempts and sends.
    public var limits = OTPLimits()

    /// The limits that are reserved for clients with a valid device token; `nil` if every caller has the same limits.
    ///
    /// The default is `nil`. A device lane has an effect only if the service issues device tokens with
    /// ``OTPService/deviceToken(for:)``. Services that share a store must use the same value.
    public var deviceLane: DeviceLane?

    /// The time for which a device token is valid, from 1 to 400 days; the default is 180 days.
    public var deviceTokenLifetime: Duration = .seconds(180 * 86_400)

    /// The maximum value of ``deviceTokenLifetime``.
    static let longestDeviceTokenLifetime = Duration.seconds(400 * 86_400)

    /// The regions to which codes are sent.
    public var destinations: Set<Region>

    /// The kinds of numbers to which codes are sent.
    ///
    /// By default, landlines are not permitted. Most landlines cannot receive messages, but gateways still bill messages to
    /// landlines. The kind `unknown` is permitted, because a new number has this kind until the numbering metadata includes it.
    public var kinds: Set<PhoneNumber.Kind> = [.mobile, .fixedLineOrMobile, .unknown]

    /// The environment in which the service runs.
    public var profile = Profile.development

    /// Fictitious numbers with a fixed code, which only the profile ``Profile/test`` allows.
    ///
    /// The region and the kind of a test number do not matter, because no message is sent to it.
    public var testNumbers: [TestNumber] = []

    /// The time for which a proof can be redeemed, from 1 to 600 seconds; the default is 600 seconds.
    public var proofLifetime: Duration = .seconds(600)

    /// The maximum duration of one send, from 1 to 60 seconds; the default is 10 seconds.
    ///
    /// The duration includes the retries of the SMS client. The timeout for the client is 10 % shorter than this duration, but
    /// at most one second shorter. The client can therefore report the outcome in time.
    public var sendTimeout: Duration = .seconds(10)

    /// The number of overdue sends at which new sends are rejected, from 1 to 100,000; the default is 1,000.
    ///
    /// A send is overdue if the SMS client has not returned after ``sendTimeout``. An overdue send keeps its code in memory
    /// until the client returns. Sends that are already in progress can still become overdue, so the number of overdue sends
    /// can exceed this limit, up to ``maximumPendingSends``.
    public var maximumOverdueSends = 1_000

    /// The maximum number of sends in progress, including overdue sends; the default is 10,000.
    ///
    /// The number must be in the range from ``maximumOverdueSends`` to 1,000,000. The limit bounds the memory if the SMS client
    /// hangs. For *r* messages per second and a response time of *t* seconds, set the limit to at least *r* · *t*.
    public var maximumPendingSends = 10_000

    /// Creates a policy with the default limits.
    ///
    /// - Parameter destinations: The regions to which codes are sent.
    public init(destinations: Set<Region>) {
        self.destinations = destinations
    }

    /// Checks that a service can be created with the policy.
    ///
    /// - Throws: ``OTPConfigurationError`` with the name of the first setting that is out of range.
    public func validate() throws(OTPConfigurationError) {
        try self.format.validate(strict20: self.strict20)
        try Self.check("destinations", !self.destinations.isEmpty, "no region is listed, so no code could be sent")
        try Self.check("kinds", !self.kinds.isEmpty, "no kind of number is listed, so no code could be sent")
        try Self.check("proofLifetime", .seconds(1)...(.seconds(600)) ~= self.proofLifetime, "must be 1 to 600 seconds")
        try Self.check("sendTimeout", .seconds(1)...(.seconds(60)) ~= self.sendTimeout, "must be 1 to 60 seconds")
        try Self.check("maximumOverdueSends", 1...100_000 ~= self.maximumOverdueSends, "must be 1 to 100000")
        try Self.check(
            "maximumPendingSends",
            self.maximumOverdueSends...1_000_000 ~= self.maximumPendingSends,
            "must be at least maximumOverdueSends and at most 1000000"
        )
        try Self.check(
            "deviceTokenLifetime",
            .seconds(86_400)...Self.longestDeviceTokenLifetime ~= self.deviceTokenLifetime,
            "must be 1 to 400 days"
        )
        try self.limits.validate()
        try self.deviceLane?.validate(self.limits)
        try self.validateTestNumbers()
    }

    static func check(_ setting: String, _ condition: Bool, _ message: String) throws(OTPConfigurationError) {
        guard condition else { throw OTPConfigurationError(setting, message) }
    }
}

extension OTPLimits {
    /// Checks that a service can be created with the limits.
    func validate() throws(OTPConfigurationError) {
        try self.check(.policy)
        try OTPPolicy.check(
            "attemptsPerChallenge",
            self.attemptsPerCode <= self.attemptsPerChallenge,
            "must be at least attemptsPerCode"
        )
        try OTPPolicy.check(
            "cooldownReset",
            self.cooldown.allSatisfy { $0 <= self.cooldownReset },
            "must be at least as long as every wait of cooldown, which it would end"
        )
    }
}
