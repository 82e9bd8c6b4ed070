// SPDX-License-Identifier: Apache-2.0

/// The error for an invalid entry in a list of API keys.
public struct APIKeyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The reason, which quotes no part of the entry.
    public let description: String

    /// Creates an error.
    ///
    /// - Parameter description: The reason, which quotes no part of the entry.
    public init(_ description: String) { self.description = description }
}
