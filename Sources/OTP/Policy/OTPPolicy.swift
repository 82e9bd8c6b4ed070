public import SMS

/// What codes look like, how long they live, and how much is allowed.
public struct OTPPolicy: Sendable {
    /// What a resend sends.
    public enum ResendPolicy: String, Sendable, Hashable, CaseIterable {
        /// The same code while it lives; attempts and expiry are not reset.
        ///
        /// Messages overtake one another: with this policy, the code of the first message is as good as that of the second.
        case `repeat`
        /// A new code with a life of its own; the old one dies, even if the gateway then refuses the new message.
        case renew
    }

    /// The form of a code; 6 digits by default.
    public var format = CodeFormat.digits(6)

    /// Whether a code must have 20 bits of entropy, as NIST SP 800-63B revision 3 section 5.1.3.2 asked.
    public var strict20 = false

    /// What a resend sends.
    public var resend = ResendPolicy.repeat

    /// Lives, guesses, messages and windows.
    public var limits = NumberLimits()

    /// The regions to which codes are sent; none by default.
    public var destinations: Set<Region>

    /// The kinds of numbers to which codes are sent.
    ///
    /// Landlines are refused by default, since most cannot receive a message and the gateway bills it nevertheless. Some
    /// new numbers are of an unknown kind until the numbering metadata has them.
    public var kinds: Set<PhoneNumber.Kind> = [.mobile, .fixedLineOrMobile, .unknown]

    /// How long a proof can be redeemed; 1 to 600 seconds.
    public var proofLife: Duration = .seconds(600)

    /// How long one send may take, the gateway's retries included.
    public var sendTimeout: Duration = .seconds(10)

    /// How many sends may be overdue before no further message is sent; 1 to 100,000.
    ///
    /// A send is overdue while the SMS client has not returned a second after ``sendTimeout``. Its task holds the code until
    /// the client returns. Sends that were under way when the limit was reached can still become overdue.
    public var maximumOverdueSends = 1_000

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
        try Self.check("proofLife", .seconds(1)...(.seconds(600)) ~= self.proofLife, "must be 1 to 600 seconds")
        try Self.check("sendTimeout", .seconds(1)...(.seconds(60)) ~= self.sendTimeout, "must be 1 to 60 seconds")
        try Self.check("maximumOverdueSends", 1...100_000 ~= self.maximumOverdueSends, "must be 1 to 100000")
        try self.limits.validate()
    }

    static func check(_ setting: String, _ condition: Bool, _ message: String) throws(OTPConfigurationError) {
        guard condition else { throw OTPConfigurationError(setting, message) }
    }
}

extension NumberLimits {
    func validate() throws(OTPConfigurationError) {
        let day = Duration.seconds(86_400)
        let check = OTPPolicy.check
        try check("life", .seconds(60)...Self.longestLife ~= self.life, "must be 60 to 600 seconds")
        try check("guessesPerCode", 1...10 ~= self.guessesPerCode, "must be 1 to 10")
        try check("guessesPerChallenge", 1...20 ~= self.guessesPerChallenge, "must be 1 to 20")
        try check(
            "guessesPerChallenge",
            self.guessesPerCode <= self.guessesPerChallenge,
            "must not be less than the guesses per code"
        )
        try check("sendsPerChallenge", 1...5 ~= self.sendsPerChallenge, "must be 1 to 5")
        try check("cooldown", (1...16).contains(self.cooldown.count), "must have 1 to 16 waits")
        try check(
            "cooldown",
            self.cooldown.allSatisfy { (.seconds(1)...day) ~= $0 },
            "each wait must be 1 second to 1 day"
        )
        try check("cooldownReset", (.seconds(60)...day * 7) ~= self.cooldownReset, "must be 1 minute to 7 days")
        try check(
            "cooldownReset",
            self.cooldown.allSatisfy { $0 <= self.cooldownReset },
            "must not be shorter than a wait, which it would end"
        )
        let spans =
            [self.life, self.cooldownReset, self.consecutiveFailuresRetention]
            + self.cooldown + (self.sends + self.failures).map(\.window)
        try check(
            "limits",
            spans.allSatisfy { $0 == .milliseconds($0.milliseconds) },
            "every span must be a whole number of milliseconds"
        )
        try check("consecutiveFailures", 1...100 ~= self.consecutiveFailures, "must be 1 to 100 (NIST SP 800-63B-4)")
        try check(
            "consecutiveFailuresRetention",
            day * 30 <= self.consecutiveFailuresRetention && self.consecutiveFailuresRetention <= day * 400,
            "must be 30 to 400 days"
        )
        for (setting, windows) in [("sends", self.sends), ("failures", self.failures)] {
            try check(setting, (1...8).contains(windows.count), "must have 1 to 8 windows")
            try check(
                setting,
                windows.allSatisfy { 1...200 ~= $0.count && .seconds(1) <= $0.window && $0.window <= day * 400 },
                "each window must allow 1 to 200 events in 1 second to 400 days"
            )
        }
    }
}
