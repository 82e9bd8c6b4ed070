// SPDX-License-Identifier: Apache-2.0

public import Foundation
public import Redaction

/// The settings of a service, read from environment variables.
///
/// The program `otp` reads the same variables. Each property reads only its own variables, so a process that only verifies
/// codes needs no settings for the gateway. Empty variables count as missing, and unknown variables are ignored.
///
/// ```swift
/// let settings = try OTPSettings()
/// let policy = try settings.policy()
/// let store = try RedisOTPStore(configuration: settings.redis)
/// let ledger = RedisSendLedger(sharing: store)
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

    /// Creates settings from a dictionary of variables.
    ///
    /// A variable such as `OTP_TEXTS` or `OTP_GUARD` can name a file of at most 1 MiB.
    ///
    /// - Parameter environment: The values, keyed by the names of the variables.
    public init(environment: [String: String]) {
        self.init(values: environment, sources: [:])
    }

    /// Creates settings from variables, with your own function that reads files.
    ///
    /// - Parameters:
    ///   - environment: The values, keyed by the names of the variables.
    ///   - readFile: Returns the content of a file, or `nil` if the file cannot be read. The paths come from variables such as
    ///     `OTP_TEXTS` and `OTP_GUARD`.
    public init(environment: [String: String], readFile: @escaping @Sendable (_ path: String) -> Data?) {
        self.init(values: environment, sources: [:], readFile: readFile)
    }

    /// Creates settings from values of several sources.
    ///
    /// - Parameters:
    ///   - values: The values, keyed by the names of the variables.
    ///   - sources: The sources for error messages, keyed by the names of the variables.
    ///   - readFile: Returns the content of a file, or `nil` if the file cannot be read.
    package init(
        values: [String: String],
        sources: [String: SettingSource],
        readFile: @escaping @Sendable (_ path: String) -> Data? = { SmallFile.content(atPath: $0) }
    ) {
        self.values = values
        self.sources = sources
        self.readFile = readFile
    }

    /// The names of all variables that this type reads.
    ///
    /// The credential chain also reads other variables of Alibaba's SDKs. See `DefaultCredentialProvider`.
    public static var variables: [String] { Variable.all.flatMap(\.names) }

    /// Returns the value of a variable; `nil` if the variable is missing or empty.
    package func value(_ name: String) -> String? {
        guard let value = self.values[name], !value.isEmpty else { return nil }
        return value
    }

    package func value(_ variable: Variable) -> String? {
        variable.names.lazy.compactMap { self.value($0) }.first
    }

    /// Returns the source of a variable's value; `nil` if the variable is not set, or if the source is not known.
    package func source(of variable: Variable) -> SettingSource? {
        variable.names.first { self.value($0) != nil }.flatMap { self.sources[$0] }
    }

    package func require(_ variable: Variable) throws(OTPSettingsError) -> String {
        guard let value = self.value(variable) else { throw self.missing(variable) }
        return value
    }

    /// Returns the Boolean value of a variable; `false` if the variable is not set.
    ///
    /// The value is not case-sensitive.
    package func flag(_ variable: Variable) throws(OTPSettingsError) -> Bool {
        switch self.value(variable)?.lowercased() {
        case nil, "false": return false
        case "true": return true
        default: throw self.invalid(variable, "it is neither true nor false")
        }
    }

    /// Splits a list at commas, removes all spaces, and converts each entry with `read`.
    ///
    /// If `read` returns `nil`, the error contains the position of the entry and the text of `problem`.
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

    /// Returns the JSON document in a variable, or in the file that the variable names.
    ///
    /// - Parameter variable: The variable.
    /// - Returns: The document, and the prefix of error messages about the document; `nil` if the variable is not set.
    /// - Throws: ``OTPSettingsError`` if the file cannot be read.
    func document(in variable: Variable) throws(OTPSettingsError) -> (bytes: [UInt8], prefix: String)? {
        guard let text = self.value(variable) else { return nil }
        guard !text.drop(while: \.isWhitespace).hasPrefix("{") else { return (Array(text.utf8), "") }
        guard let content = self.readFile(text) else { throw self.unreadable(variable, text) }
        return (Array(content), "\(text): ")
    }

    /// Checks that the values of all variables with the prefix `OTP_` or `ALIBABA_CLOUD_` are UTF-8.
    ///
    /// The check is necessary because Swift silently replaces invalid bytes.
    ///
    /// - Throws: ``OTPSettingsError`` with the name of the first variable whose value is not UTF-8.
    package static func checkEncoding() throws(OTPSettingsError) {
        for name in ProcessInfo.processInfo.environment.keys.sorted() {
            guard ["OTP_", "ALIBABA_CLOUD_"].contains(where: { name.hasPrefix($0) }) else { continue }
            guard let bytes = getenv(name), String(validatingCString: bytes) == nil else { continue }
            throw OTPSettingsError(.invalid, name, problem: "it is not UTF-8", remedy: "encode the value as UTF-8")
        }
    }
}

extension OTPSettings {
    /// Returns the error for a variable that is not set.
    package func missing(_ variable: Variable) -> OTPSettingsError {
        OTPSettingsError(.missing, variable.name, problem: "it is not set", remedy: variable.remedy)
    }

    /// Returns the error for an invalid value of a variable, with the source of the value.
    package func invalid(_ variable: Variable, _ problem: String) -> OTPSettingsError {
        self.invalid(variable.name, problem, remedy: variable.remedy)
    }

    /// Returns the error for a file that cannot be read.
    func unreadable(_ variable: Variable, _ path: String) -> OTPSettingsError {
        self.invalid(variable, "\(path): it cannot be read, or is larger than 1 MiB")
    }

    /// Returns the error for an invalid value, with the given name of the variable and the given remedy.
    package func invalid(_ name: String, _ problem: String, remedy: String?) -> OTPSettingsError {
        let source = self.value(name) == nil ? nil : self.sources[name]?.description
        return OTPSettingsError(.invalid, name, problem: problem, remedy: remedy, source: source)
    }
}

extension OTPSettings: Redacted {
    /// The names of the variables that are set.
    public var description: String {
        "OTPSettings(\(Self.variables.filter { self.value($0) != nil }.joined(separator: ", ")))"
    }
}
