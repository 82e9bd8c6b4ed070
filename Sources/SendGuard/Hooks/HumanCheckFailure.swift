// SPDX-License-Identifier: Apache-2.0

/// The reason why the response of a human check was not accepted.
public struct HumanCheckFailure: Sendable, Hashable, CustomStringConvertible {
    private enum Base: String, CaseIterable {
        case malformed, rejected, replayed, otherSubject, otherSite, lowScore, timeout, unavailable, overloaded
    }

    private let base: Base

    private init(_ base: Base) { self.base = base }

    /// The user's response is malformed: it is empty, has more than 8,192 bytes, or contains a character that is not visible
    /// ASCII.
    public static let malformed = Self(.malformed)
    /// The provider did not confirm the response.
    public static let rejected = Self(.rejected)
    /// The response was used before, or another call is using it.
    public static let replayed = Self(.replayed)
    /// The check was passed for a request with another number, tenant or purpose.
    public static let otherSubject = Self(.otherSubject)
    /// The check was passed on an unexpected site.
    public static let otherSite = Self(.otherSite)
    /// The provider's score is below the threshold.
    public static let lowScore = Self(.lowScore)
    /// The provider made no decision before the timeout.
    public static let timeout = Self(.timeout)
    /// The response could not be verified: for example, the provider cannot be reached, or its HTTP response is unreadable.
    public static let unavailable = Self(.unavailable)
    /// The verifier's memory for used responses is full.
    public static let overloaded = Self(.overloaded)

    /// All failures.
    public static var all: [Self] { Base.allCases.map(Self.init) }

    /// The name of the failure, which can serve as a metric label.
    public var description: String { self.base.rawValue }
}
