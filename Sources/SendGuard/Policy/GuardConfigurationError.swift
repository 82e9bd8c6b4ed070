// SPDX-License-Identifier: Apache-2.0

/// An error in a guard's policy.
public struct GuardConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The name of the invalid entry, such as `unverified-block` or `prices[SG]`.
    public let entry: String

    /// The reason why the entry is invalid.
    public let message: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - entry: The name of the entry.
    ///   - message: The reason why the entry is invalid.
    public init(_ entry: String, _ message: String) {
        self.entry = entry
        self.message = message
    }

    /// A text with the name of the entry and the reason why it is invalid.
    public var description: String { "\(self.entry): \(self.message)" }
}
