// SPDX-License-Identifier: Apache-2.0

/// The limits of one phone number, as a policy sets them.
///
/// A store takes them as ``StoreLimits``, which are always in range. ``PhoneNumberState`` defines the meaning of each limit.
/// Services that share a store must have the same windows: see ``OTPStore``.
public struct OTPLimits: Sendable, Hashable {
    /// The lifetime of a code.
    public var lifetime: Duration = .seconds(300)

    /// The attempts that are compared with one code.
    public var attemptsPerCode = 5

    /// The attempts that are compared with all codes of one challenge together.
    public var attemptsPerChallenge = 10

    /// The messages of one challenge, the first included.
    public var sendsPerChallenge = 5

    /// The wait after the first, second, third … message to a number; the last entry applies to all later messages.
    public var cooldown: [Duration] = [.seconds(60), .seconds(120), .seconds(300), .seconds(600)]

    /// The wait after the first, second, third … consecutive message that the gateway rejected; the last entry applies to all
    /// later ones.
    ///
    /// A rejected message counts toward no other limit. The sequence restarts after a message that was not rejected, and after
    /// twice the longest wait since the last rejection.
    public var refusedCooldown: [Duration] = [.seconds(2), .seconds(10), .seconds(30), .seconds(60)]

    /// The time after the last message at which the cooldown restarts with its first entry.
    public var cooldownReset: Duration = .seconds(86_400)

    /// The messages to a number, over all challenges and purposes.
    public var sends: [WindowLimit] = [
        WindowLimit(1, per: .seconds(60)),
        WindowLimit(5, per: .seconds(3600)),
        WindowLimit(10, per: .seconds(86_400)),
    ]

    /// The failed attempts of a number, over all challenges and purposes; neither a success nor a resend resets them.
    public var failures: [WindowLimit] = [
        WindowLimit(10, per: .seconds(3600)),
        WindowLimit(20, per: .seconds(86_400)),
        WindowLimit(60, per: .seconds(30 * 86_400)),
    ]

    /// The failure streak, without a success between the failures, that disables a number until it is unlocked.
    ///
    /// NIST SP 800-63B-4 section 3.2.2 allows at most 100.
    public var consecutiveFailures = 100

    /// The time after the last failed attempt at which the failure streak is forgotten.
    public var consecutiveFailuresRetention: Duration = .seconds(400 * 86_400)

    /// Creates the default limits.
    public init() {}
}
