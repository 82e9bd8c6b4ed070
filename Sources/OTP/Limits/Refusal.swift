/// Why a store did not admit a message or a attempt.
public struct Refusal: Sendable, Hashable {
    /// A limit of one phone number or one challenge.
    public enum Limit: Sendable, Hashable {
        /// The wait between two messages to a number.
        case cooldown
        /// The wait after a message that the gateway refused.
        case refusedSends
        /// Messages to a number within a window.
        case sends(WindowLimit)
        /// Wrong attempts for a number within a window.
        case failures(WindowLimit)
        /// Wrong attempts for a number in a row: it is disabled until it is unlocked.
        case consecutiveFailures
        /// Messages of one challenge.
        case sendsPerChallenge
    }

    /// The limit that refused; of several, the one that lasts longest.
    public var limit: Limit

    /// How long the limit will go on refusing; `nil` if it does not end by itself.
    public var retryAfter: Duration?

    /// Creates a refusal.
    ///
    /// - Parameters:
    ///   - limit: The limit that refused.
    ///   - retryAfter: How long the limit will go on refusing; `nil` if it does not end by itself.
    public init(_ limit: Limit, retryAfter: Duration?) {
        self.limit = limit
        self.retryAfter = retryAfter
    }
}
