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
    let sources: [String: SettingSource]
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
        self.init(values: environment, sources: [:], readFile: readFile)
    }

    /// Creates settings from values of several sources.
    ///
    /// - Parameters:
    ///   - values: The values by the names of their variables.
    ///   - sources: The sources of the values, for errors. Errors name no source for a variable that is not listed.
    ///   - readFile: Returns the content of a file, or `nil` if it cannot be read.
    package init(
        values: [String: String],
        sources: [String: SettingSource],
        readFile: @escaping @Sendable (_ path: String) -> Data? = { FileManager.default.contents(atPath: $0) }
    ) {
        self.values = values
        self.sources = sources
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

    package func value(_ variable: Variable) -> String? {
        variable.names.lazy.compactMap { self.value($0) }.first
    }

    /// Returns the source of a variable; `nil` if the variable is not set, or if no source is known.
    package func source(of variable: Variable) -> SettingSource? {
        variable.names.first { self.value($0) != nil }.flatMap { self.sources[$0] }
    }

    package func require(_ variable: Variable) throws(OTPSettingsError) -> String {
        guard let value = self.value(variable) else { throw self.missing(variable) }
        return value
    }

    /// Splits a list at commas, removes all spaces, and converts the entries.
    ///
    /// The error for an invalid entry contains the position of the entry.
    package func entries<Entry>(
        of text: String,
        in variable: Variable,
        _ problem: String,
        _ read: (String) -> Entry?
    ) throws(OTPSettingsError) -> [Entry] {
        var entries: [Entry] = []
        for (position, part) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            guard let entry = read(part.filter { $0 != " " }) else {
                throw self.invalid(variable, "entry \(position + 1) \(problem)")
            }
            entries.append(entry)
        }
        return entries
    }

    /// Returns the JSON document that a variable contains, or that is in the file that the variable names.
    ///
    /// - Parameter variable: The variable.
    /// - Returns: The document, and the beginning of its errors; `nil` if the variable is not set.
    /// - Throws: ``OTPSettingsError`` if the file cannot be read.
    func document(in variable: Variable) throws(OTPSettingsError) -> (bytes: [UInt8], prefix: String)? {
        guard let text = self.value(variable) else { return nil }
        guard !text.drop(while: \.isWhitespace).hasPrefix("{") else { return (Array(text.utf8), "") }
        guard let content = self.readFile(text) else { throw self.invalid(variable, "\(text): it cannot be read") }
        return (Array(content), "\(text): ")
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

extension OTPSettings {
    /// Returns the error of a variable that is not set.
    package func missing(_ variable: Variable) -> OTPSettingsError {
        OTPSettingsError(.missing, variable.name, problem: "it is not set", remedy: variable.remedy)
    }

    /// Returns the error of an invalid value, with the source of the value.
    package func invalid(_ variable: Variable, _ problem: String) -> OTPSettingsError {
        self.invalid(variable.name, problem, remedy: variable.remedy)
    }

    /// Returns the error of an invalid value with another name or remedy.
    package func invalid(_ name: String, _ problem: String, remedy: String?) -> OTPSettingsError {
        let source = self.value(name) == nil ? nil : self.sources[name]?.description
        return OTPSettingsError(.invalid, name, problem: problem, remedy: remedy, source: source)
    }
}

extension OTPSettings: Redacted {
    /// The names of the variables that are set, without their values.
    public var description: String {
        "OTPSettings(\(Self.variables.filter { self.value($0) != nil }.joined(separator: ", ")))"
    }
}
