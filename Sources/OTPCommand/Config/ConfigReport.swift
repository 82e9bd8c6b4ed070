// SPDX-License-Identifier: Apache-2.0

import OTPEnvironment
import Redaction

/// The report of `otp config`.
struct ConfigReport: Encodable {
    /// A setting, with its value and the source of the value.
    struct Setting: Encodable {
        var name: String
        /// The key of the setting in a YAML file.
        var key: String
        /// The value of the setting.
        ///
        /// If no source contains a value, this is the default value, or `nil` without a default.
        ///
        /// The value of a secret is shown as `set`.
        var value: String?
        var isSecret: Bool
        /// The kind of source that contains the value; `default` for a default value.
        var source: String
        /// The path of the file that contains the value; `nil` if the source is not a file.
        var path: String?
        var line: Int?
    }

    struct Problem: Encodable {
        var name: String
        var message: String
    }

    var valid: Bool
    var settings: [Setting]
    var errors: [Problem]

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - settings: The settings.
    ///   - problems: The errors of the settings.
    init(_ settings: OTPSettings, _ problems: [OTPSettingsError]) {
        self.valid = problems.isEmpty
        self.settings = (Variable.sources + Variable.command).map { Setting($0, settings) }
        self.errors = problems.map { Problem(name: $0.variable, message: $0.description) }
    }

    /// The settings as a table.
    var text: String {
        let rows = self.settings.map { [$0.name, $0.value ?? ($0.isSecret ? "not set" : "–"), $0.place] }
        return TextTable(["SETTING", "VALUE", "SOURCE"], rows).text
    }
}

extension ConfigReport.Setting {
    init(_ variable: Variable, _ settings: OTPSettings) {
        let value = settings.value(variable)
        let source = settings.source(of: variable)
        self.init(
            name: variable.name,
            key: variable.key,
            value: value.map { Self.shown($0, variable) } ?? variable.defaultText,
            isSecret: variable.secrecy == .secret,
            source: source?.kind ?? (value == nil ? "default" : "environment")
        )
        switch source {
        case .secretFile(let path): self.path = path
        case .settingsFile(let path, let line): (self.path, self.line) = (path, line)
        case .option, .environment, nil: break
        }
    }

    /// The path of the file that contains the value, or the kind of source if there is no file.
    ///
    /// For a YAML file, the line number follows the path.
    var place: String {
        guard let path = self.path else { return self.source }
        return self.line.map { "\(path):\($0)" } ?? path
    }

    /// Returns a value without its secret parts.
    private static func shown(_ value: String, _ variable: Variable) -> String {
        switch variable.secrecy {
        case .secret: return "set"
        case .url: return Self.withoutCredentials(value) ?? "set"
        case .none:
            let isDocument = variable.form == .document && value.drop(while: \.isWhitespace).hasPrefix("{")
            return isDocument ? "{…}" : SecretMask.masked(value)
        }
    }

    /// Returns a URL without its user name, password and query; returns `nil` if the text is not a URL.
    private static func withoutCredentials(_ url: String) -> String? {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        let rest = url[scheme.upperBound...].prefix { $0 != "?" && $0 != "#" }
        // In a URL such as `redis://user:pass?word@host`, `rest` ends within the password.
        guard !url[rest.endIndex...].contains("@") else { return nil }
        let start = rest.lastIndex(of: "@").map { rest.index(after: $0) } ?? rest.startIndex
        return SecretMask.masked("\(url[..<scheme.upperBound])\(rest[start...])")
    }
}
