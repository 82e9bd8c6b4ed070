/// At most so many events within any span of a given length.
public struct WindowLimit: Sendable, Hashable {
    /// The number of events that a window may hold; at least 1.
    public var count: Int

    /// The length of the window; a whole number of milliseconds.
    public var window: Duration

    /// Creates a limit.
    ///
    /// - Parameters:
    ///   - count: The number of events that a window may hold.
    ///   - window: The length of the window.
    public init(_ count: Int, per window: Duration) {
        self.count = count
        self.window = window
    }
}

/// The settings of a policy that concern one phone number.
///
/// A store takes them as ``StoreLimits``, which are never out of range. ``PhoneNumberState`` says what each of them means.
/// Services that share a store must share the windows: see ``OTPStore``.
public struct OTPLimits: Sendable, Hashable {
    /// How long a code can be used.
    public var lifetime: Duration = .seconds(300)

    /// Attempts that are compared with one code.
    public var attemptsPerCode = 5

    /// Attempts that are compared with all codes of one challenge together.
    public var attemptsPerChallenge = 10

    /// Messages that one challenge may send, the first included.
    public var sendsPerChallenge = 5

    /// The wait after the first, second, third … message to a number; the last entry holds for all that follow.
    public var cooldown: [Duration] = [.seconds(60), .seconds(120), .seconds(300), .seconds(600)]

    /// The wait after the first, second, third … message in a row that the gateway refused; the last entry holds for all that
    /// follow.
    ///
    /// A refused message counts toward no other limit. The sequence restarts after a message that was not refused, and when
    /// twice the longest wait has passed since the last refusal.
    public var refusedCooldown: [Duration] = [.seconds(2), .seconds(10), .seconds(30), .seconds(60)]

    /// How long after the last message the cooldown starts anew.
    public var cooldownReset: Duration = .seconds(86_400)

    /// Messages to a number, over all challenges and purposes.
    public var sends: [WindowLimit] = [
        WindowLimit(1, per: .seconds(60)),
        WindowLimit(5, per: .seconds(3600)),
        WindowLimit(10, per: .seconds(86_400)),
    ]

    /// Wrong attempts for a number, over all challenges and purposes; neither success nor a resend resets them.
    public var failures: [WindowLimit] = [
        WindowLimit(10, per: .seconds(3600)),
        WindowLimit(20, per: .seconds(86_400)),
        WindowLimit(60, per: .seconds(30 * 86_400)),
    ]

    /// Wrong attempts in a row, without a success between them, that disable a number until it is unlocked.
    ///
    /// NIST SP 800-63B-4 section 3.2.2 allows 100 at most.
    public var consecutiveFailures = 100

    /// How long after the last wrong attempt the count of failures in a row is forgotten.
    public var consecutiveFailuresRetention: Duration = .seconds(400 * 86_400)

    /// Creates the default limits.
    public init() {}
}
