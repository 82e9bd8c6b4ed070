public import SMSKit

/// What codes look like, how long they live, and how much is allowed.
public struct OTPPolicy: Sendable {
    /// What a resend sends.
    public enum ResendPolicy: String, Sendable, Hashable, CaseIterable {
        /// The same code while it lives; attempts and expiry are not reset.
        ///
        /// Messages overtake one another: with this policy, the code of the first message is as good as that of the second.
        case `repeat`
        /// A new code with a lifetime of its own; the old one dies, even if the gateway then refuses the new message.
        case renew
    }

    /// The form of a code; 6 digits by default.
    public var format = CodeFormat.digits(6)

    /// Whether a code must have 20 bits of entropy, as NIST SP 800-63B revision 3 section 5.1.3.2 asked.
    public var strict20 = false

    /// What a resend sends.
    public var resend = ResendPolicy.repeat

    /// Lives, attempts, messages and windows.
    public var limits = OTPLimits()

    /// The regions to which codes are sent; none by default.
    public var destinations: Set<Region>

    /// The kinds of numbers to which codes are sent.
    ///
    /// Landlines are refused by default, since most cannot receive a message and the gateway bills it nevertheless. Some
    /// new numbers are of an unknown kind until the numbering metadata has them.
    public var kinds: Set<PhoneNumber.Kind> = [.mobile, .fixedLineOrMobile, .unknown]

    /// How long a proof can be redeemed; 1 to 600 seconds.
    public var proofLifetime: Duration = .seconds(600)

    /// How long one send may take, the gateway's retries included.
    public var sendTimeout: Duration = .seconds(10)

    /// How many sends may be overdue before no further message is sent; 1 to 100,000.
    ///
    /// A send is overdue while the SMS client has not returned a second after ``sendTimeout``. Its task holds the code until
    /// the client returns. Sends that were under way when the limit was reached can still become overdue; the limit of all of
    /// them is ``maximumPendingSends``.
    public var maximumOverdueSends = 1_000

    /// The most sends that are under way or overdue; ``maximumOverdueSends`` to 1,000,000.
    ///
    /// It limits the memory that codes take if the SMS client hangs. A service that sends r messages per second through a
    /// gateway that takes t seconds needs r · t.
    public var maximumPendingSends = 10_000

    /// Creates a policy with the default limits.
    ///
    /// - Parameter destinations: The regions to which codes are sent.
    public init(destinations: Set<Region>) {
        self.destinations = destinations
    }

    /// Checks that the policy is one that a service may start with.
    ///
    /// - Throws: ``OTPConfigurationError`` that names the first setting out of range.
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
            "must not be less than maximumOverdueSends, nor more than 1000000"
        )
        try self.limits.validate()
    }

    static func check(_ setting: String, _ condition: Bool, _ message: String) throws(OTPConfigurationError) {
        guard condition else { throw OTPConfigurationError(setting, message) }
    }
}

extension OTPLimits {
    /// Checks that the limits are ones that a service may start with.
    func validate() throws(OTPConfigurationError) {
        try self.check(.policy)
        try OTPPolicy.check(
            "attemptsPerChallenge",
            self.attemptsPerCode <= self.attemptsPerChallenge,
            "must not be less than the guesses per code"
        )
        try OTPPolicy.check(
            "cooldownReset",
            self.cooldown.allSatisfy { $0 <= self.cooldownReset },
            "must not be shorter than a wait, which it would end"
        )
    }
}
