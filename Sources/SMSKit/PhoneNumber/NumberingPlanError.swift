// SPDX-License-Identifier: Apache-2.0

/// The reason why an addition to the numbering plan cannot be used.
public struct NumberingPlanError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The explanation for people.
    public let message: String

    /// Creates an error.
    ///
    /// - Parameter message: The explanation for people.
    public init(_ message: String) { self.message = message }

    /// The message.
    public var description: String { self.message }
}
