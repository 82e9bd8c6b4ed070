// SPDX-License-Identifier: Apache-2.0

public import Foundation
public import Redaction

/// The settings of a service, read from environment variables.
///
/// The variables are those of the program `otp`. A property reads its variables when it is used, so a process that only
/// verifies codes needs no settings of the gateway. Empty variables count as missing, and unknown variables are ignored.
///
/// ```swift
/// let settings = try OTPSettings()
/// let policy = try settings.policy()
/// let store = try RedisOTPStore(configuration: settings.redis)
/// let ledger = try RedisSendLedger(configuration: settings.redis)
/// let sms = try settings.smsClient()
/// let otp = try OTPService(
///     store: store,
///     sms: sms,
///     keys: settings.keys,
///     policy: policy,
///     messages: settings.messages(for: policy),
///     sendGuard: settings.sendGate(ledger, for: policy)
/// )
/// ```
///
/// Errors name the variable and the remedy, and never contain a secret.
public struct OTPSettings: Sendable {
    let values: [String: String]
    let readFile: @Sendable (_ path: String) -> Data?

    /// Creates settings from the environment of the process.
    ///
    /// - Throws: ``OTPSettingsError`` if a variable is not UTF-8.
    public init() throws(OTPSettingsError) {
        try Self.checkEncoding()
        self.init(environment: ProcessInfo.processInfo.environment)
    }

    /// Creates settings from variables.
    ///
    /// - Parameters:
    ///   - environment: The variables by name.
    ///   - readFile: Returns the content of the file that a variable such as `OTP_TEXTS` or `OTP_GUARD` names, or `nil` if it
    ///     cannot be read.
    public init(
        environment: [String: String],
        readFile: @escaping @Sendable (_ path: String) -> Data? = { FileManager.default.contents(atPath: $0) }
    ) {
        self.values = environment
        self.readFile = readFile
    }

    /// The names of all variables that this type reads.
    ///
    /// In addition, the credential chain reads other variables of Alibaba's SDKs. See `DefaultCredentialProvider`.
    public static var variables: [String] { Variable.all.flatMap(\.names) }

    /// Returns the value of a variable, or `nil` if it is missing or empty.
    package func value(_ name: String) -> String? {
        guard let value = self.values[name], !value.isEmpty else { return nil }
        return value
    }

    func value(_ variable: Variable) -> String? { self.value(variable.name) }

    func require(_ variable: Variable) throws(OTPSettingsError) -> String {
        guard let value = self.value(variable) else { throw .missing(variable) }
        return value
    }

    /// Splits a list at commas, removes all spaces, and converts the entries.
    ///
    /// The error for an invalid entry contains the position of the entry.
    func entries<Entry>(
        of text: String,
        in variable: Variable,
        _ problem: String,
        _ read: (String) -> Entry?
    ) throws(OTPSettingsError) -> [Entry] {
        var entries: [Entry] = []
        for (position, part) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            guard let entry = read(part.filter { $0 != " " }) else {
                throw .invalid(variable, "entry \(position + 1) \(problem)")
            }
            entries.append(entry)
        }
        return entries
    }

    /// Checks that every setting in the environment of the process is UTF-8.
    ///
    /// The check is necessary because Swift silently replaces invalid bytes.
    ///
    /// - Throws: ``OTPSettingsError`` with the name of the variable.
    package static func checkEncoding() throws(OTPSettingsError) {
        for name in ProcessInfo.processInfo.environment.keys.sorted() {
            guard ["OTP_", "ALIBABA_CLOUD_"].contains(where: { name.hasPrefix($0) }) else { continue }
            guard let bytes = getenv(name), String(validatingCString: bytes) == nil else { continue }
            throw OTPSettingsError(.invalid, name, problem: "it is not UTF-8", remedy: "encode the value as UTF-8")
        }
    }
}

extension OTPSettings: Redacted {
    /// The names of the variables that are set, without their values.
    public var description: String {
        "OTPSettings(\(Self.variables.filter { self.value($0) != nil }.joined(separator: ", ")))"
    }
}
