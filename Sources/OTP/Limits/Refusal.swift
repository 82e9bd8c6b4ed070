// SPDX-License-Identifier: Apache-2.0

/// The reason why a store did not admit a send or an attempt.
public struct Refusal: Sendable, Hashable {
    /// The limit that caused the refusal.
    ///
    /// If several limits refuse the send or the attempt, the value is the limit with the longest wait.
    public var limit: Limit

    /// The time until the refusal ends; `nil` if waiting does not help.
    public var retryAfter: Duration?

    /// Creates a refusal.
    ///
    /// - Parameters:
    ///   - limit: The limit that caused the refusal.
    ///   - retryAfter: The time until the refusal ends; `nil` if waiting does not help.
    public init(_ limit: Limit, retryAfter: Duration?) {
        self.limit = limit
        self.retryAfter = retryAfter
    }
}
