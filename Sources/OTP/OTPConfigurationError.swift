/// A setting that a service must not start with.
public struct OTPConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The name of the setting.
    public let setting: String

    /// What is wrong with it, never quoting a secret.
    public let message: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - setting: The name of the setting.
    ///   - message: What is wrong with it.
    public init(_ setting: String, _ message: String) {
        self.setting = setting
        self.message = message
    }

    /// The setting and what is wrong with it.
    public var description: String { "\(self.setting): \(self.message)" }
}
