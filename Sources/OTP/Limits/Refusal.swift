// SPDX-License-Identifier: Apache-2.0

/// The reason why a store did not admit a send or an attempt.
public struct Refusal: Sendable, Hashable {
    /// The limit that applies.
    ///
    /// If several limits apply, this is the one that lasts longest.
    public var limit: Limit

    /// The time until the limit ends; `nil` if it does not end by waiting.
    public var retryAfter: Duration?

    /// Creates a refusal.
    ///
    /// - Parameters:
    ///   - limit: The limit that applies.
    ///   - retryAfter: The time until the limit ends; `nil` if it does not end by waiting.
    public init(_ limit: Limit, retryAfter: Duration?) {
        self.limit = limit
        self.retryAfter = retryAfter
    }
}
