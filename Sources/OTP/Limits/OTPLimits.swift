// SPDX-License-Identifier: Apache-2.0

/// The limits of one phone number, as a policy sets them.
///
/// ``PhoneNumberState`` defines the meaning of each limit. A store receives the limits as ``StoreLimits``, whose initializer
/// checks that each limit is in its range. Services that share a store must use the same windows in ``sends`` and ``failures``.
/// ``OTPStore`` explains the reason.
public struct OTPLimits: Sendable, Hashable {
    /// The lifetime of a code.
    public var lifetime: Duration = .seconds(300)

    /// The maximum number of attempts per code.
    public var attemptsPerCode = 5

    /// The maximum number of attempts per challenge, for all of its codes together.
    public var attemptsPerChallenge = 10

    /// The maximum number of sends per challenge, including the first.
    public var sendsPerChallenge = 5

    /// The minimum waits between consecutive sends to a number.
    ///
    /// The first entry is the wait after the first send. The last entry also applies to all later sends. The sequence starts
    /// over after a successful verification, and after ``cooldownReset`` without a send.
    public var cooldown: [Duration] = [.seconds(60), .seconds(120), .seconds(300), .seconds(600)]

    /// The minimum waits after consecutive sends that the gateway rejected.
    ///
    /// The first entry is the wait after the first rejection. The last entry also applies to all later rejections. The sequence
    /// starts over after a send that was not rejected. The sequence also starts over when twice the longest wait has passed
    /// since the last rejection. No other limit counts a rejected send.
    public var refusedCooldown: [Duration] = [.seconds(2), .seconds(10), .seconds(30), .seconds(60)]

    /// The time without a send after which the sequence of ``cooldown`` starts over.
    public var cooldownReset: Duration = .seconds(86_400)

    /// The maximum numbers of sends to a phone number in sliding windows, over all challenges and purposes.
    public var sends: [WindowLimit] = [
        WindowLimit(1, per: .seconds(60)),
        WindowLimit(5, per: .seconds(3600)),
        WindowLimit(10, per: .seconds(86_400)),
    ]

    /// The maximum numbers of failed attempts for a phone number in sliding windows, over all challenges and purposes.
    ///
    /// A success or a resend does not reset these counts.
    public var failures: [WindowLimit] = [
        WindowLimit(10, per: .seconds(3600)),
        WindowLimit(20, per: .seconds(86_400)),
        WindowLimit(60, per: .seconds(30 * 86_400)),
    ]

    /// The number of consecutive failed attempts that disables a number.
    ///
    /// A successful verification resets the count. All sends and attempts for a disabled number are refused. The refusals end
    /// when an operator unlocks the number, or when ``consecutiveFailuresRetention`` has passed since the last failed attempt.
    /// NIST SP 800-63B-4 section 3.2.2 allows at most 100 consecutive failures.
    public var consecutiveFailures = 100

    /// The time without a failed attempt after which the count of consecutive failed attempts is reset.
    public var consecutiveFailuresRetention: Duration = .seconds(400 * 86_400)

    /// Creates the default limits.
    public init() {}
}
