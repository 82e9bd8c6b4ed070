// SPDX-License-Identifier: Apache-2.0

/// The error for an invalid setting of a service.
public struct OTPConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The name of the invalid setting.
    public let setting: String

    /// The reason why the setting is invalid, without any secret.
    public let message: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - setting: The name of the invalid setting.
    ///   - message: The reason why the setting is invalid, without any secret.
    public init(_ setting: String, _ message: String) {
        self.setting = setting
        self.message = message
    }

    /// The name of the setting and the reason.
    public var description: String { "\(self.setting): \(self.message)" }
}
