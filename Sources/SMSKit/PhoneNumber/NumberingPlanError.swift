// SPDX-License-Identifier: Apache-2.0

/// The reason why an addition to the numbering plan is invalid.
public struct NumberingPlanError: Error, Sendable, Hashable, CustomStringConvertible {
    /// An explanation for people.
    public let message: String

    /// Creates an error.
    ///
    /// - Parameter message: An explanation for people.
    public init(_ message: String) { self.message = message }

    /// The same text as ``message``.
    public var description: String { self.message }
}
