// SPDX-License-Identifier: Apache-2.0

/// An error in the configuration of an emulator.
public struct EmulatorConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The reason, and how to correct it.
    public let description: String

    /// Creates an error.
    ///
    /// - Parameter description: The reason, and how to correct it.
    public init(description: String) { self.description = description }
}
