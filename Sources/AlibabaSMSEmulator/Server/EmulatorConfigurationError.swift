// SPDX-License-Identifier: Apache-2.0

/// The error for an invalid configuration of an emulator.
public struct EmulatorConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The reason, and the required correction of the configuration.
    public let description: String

    /// Creates an error.
    ///
    /// - Parameter description: The reason, and the required correction of the configuration.
    public init(description: String) { self.description = description }
}
