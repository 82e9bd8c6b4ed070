// SPDX-License-Identifier: Apache-2.0

/// The reason why a store did not admit a send or an attempt.
public struct Refusal: Sendable, Hashable {
    /// The limit that refused; of several limits, the one that lasts longest.
    public var limit: Limit

    /// The time until the limit ends; `nil` if it does not end without a further action.
    public var retryAfter: Duration?

    /// Creates a refusal.
    ///
    /// - Parameters:
    ///   - limit: The limit that refused.
    ///   - retryAfter: The time until the limit ends; `nil` if it does not end without a further action.
    public init(_ limit: Limit, retryAfter: Duration?) {
        self.limit = limit
        self.retryAfter = retryAfter
    }
}
