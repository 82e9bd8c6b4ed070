// SPDX-License-Identifier: Apache-2.0

/// The judgment of a ``RiskAssessor`` on a request.
public struct RiskAssessment: Sendable, Hashable, CustomStringConvertible {
    /// The action that the caller must take.
    ///
    /// No cases will be added.
    public enum Verdict: UInt8, Sendable, Hashable, Comparable, CaseIterable {
        /// Continue. The guard still decides whether the message may be sent.
        case allow = 0
        /// Continue only after a human check, or with a stronger proof, such as the token of a known device.
        case stepUp = 1
        /// Refuse the request.
        case deny = 2

        /// Returns whether the left verdict is milder than the right verdict.
        public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// The action that the caller must take.
    public let verdict: Verdict

    /// The assessor's reason for the verdict; `nil` for ``allow``.
    public let reason: RiskReason?

    init(_ verdict: Verdict, _ reason: RiskReason?) {
        self.verdict = verdict
        self.reason = reason
    }

    /// The assessor has no objection to the request.
    public static let allow = Self(.allow, nil)

    /// Returns the judgment that the request requires a human check or a stronger proof.
    ///
    /// - Parameter reason: The reason.
    /// - Returns: The judgment.
    public static func stepUp(_ reason: RiskReason) -> Self { Self(.stepUp, reason) }

    /// Returns the judgment that the request must be refused.
    ///
    /// - Parameter reason: The reason.
    /// - Returns: The judgment.
    public static func deny(_ reason: RiskReason) -> Self { Self(.deny, reason) }

    /// A text with the verdict, and the reason if there is one.
    public var description: String { "\(self.verdict)\(self.reason.map { " (\($0))" } ?? "")" }
}
