// SPDX-License-Identifier: Apache-2.0

/// The reason why a store did not admit a send or an attempt.
public struct Refusal: Sendable, Hashable {
    /// The limit that caused the refusal.
    ///
    /// If several limits apply, the value is the limit that lasts longest.
    public var limit: Limit

    /// The time until the limit ends; `nil` if waiting does not help.
    public var retryAfter: Duration?

    /// Creates a refusal.
    ///
    /// - Parameters:
    ///   - limit: The limit that caused the refusal.
    ///   - retryAfter: The time until the limit ends; `nil` if waiting does not help.
    public init(_ limit: Limit, retryAfter: Duration?) {
        self.limit = limit
        self.retryAfter = retryAfter
    }
}
