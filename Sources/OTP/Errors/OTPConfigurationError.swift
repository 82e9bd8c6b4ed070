// SPDX-License-Identifier: Apache-2.0

/// A setting that a service must not start with.
public struct OTPConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The name of the setting.
    public let setting: String

    /// The fault of the setting, without any secret.
    public let message: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - setting: The name of the setting.
    ///   - message: The fault of the setting.
    public init(_ setting: String, _ message: String) {
        self.setting = setting
        self.message = message
    }

    /// The setting and its fault.
    public var description: String { "\(self.setting): \(self.message)" }
}
