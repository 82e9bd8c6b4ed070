// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONOutput
import OTPEnvironment
import Yams

/// A YAML file with settings.
///
/// The file is a mapping from keys to values. A key such as `maximumSegments` is the name of a variable in camel case, without
/// `OTP_`. A value is a scalar, a sequence for a list, or a mapping for a JSON document. Each scalar is read as text, so the
/// region `NO` does not become a Boolean.
struct SettingsFile: Sendable {
    /// A value as text, in the format of the environment variable.
    struct Value: Sendable {
        var text: String
        var line: Int
    }

    let path: String

    /// The values in the file, keyed by the names of their variables.
    private(set) var values: [String: Value] = [:]

    /// The errors for unknown keys and invalid values.
    private(set) var problems: [OTPSettingsError] = []

    /// Parses a file.
    ///
    /// - Parameters:
    ///   - path: The path of the file, for error messages.
    ///   - content: The content of the file; `nil` if the file cannot be read, or is too large.
    ///   - variables: The variables that the file can contain.
    /// - Throws: `OTPSettingsError` if the file cannot be read, or is not a YAML mapping. The error for invalid YAML contains
    ///   the line number.
    init(path: String, content: Data?, variables: [Variable] = Variable.command) throws(OTPSettingsError) {
        self.path = path
        guard let content, let text = String(bytes: content, encoding: .utf8) else {
            throw Self.unusable("\(path): it cannot be read, is not UTF-8, or is larger than 1 MiB")
        }
        let root: Node?
        do {
            try YAMLFault.checkAnchors(text)
            root = try compose(yaml: text)
        } catch {
            throw Self.unusable("\(path)\(YAMLFault(error).text)")
        }
        // The parser returns no root node for a file that contains only comments.
        guard let root, root.null == nil else { return }
        guard let mapping = root.mapping else {
            throw Self.unusable("\(path): it is not a mapping from keys to values")
        }
        let known = Dictionary(uniqueKeysWithValues: variables.map { ($0.key, $0) })
        for (key, node) in mapping { self.read(key, node, known) }
    }

    private static func unusable(_ problem: String) -> OTPSettingsError {
        OTPSettingsError(.invalid, Variable.settingsFile.name, problem: problem)
    }

    private mutating func read(_ key: Node, _ node: Node, _ known: [String: Variable]) {
        let line = key.mark?.line ?? 0
        let source = SettingSource.settingsFile(path: self.path, line: line).description
        let name = key.scalar?.string ?? ""
        guard let variable = known[name] else {
            let remedy = Self.suggestion(name, known.values).map { "use \($0)" } ?? "correct or remove the key"
            let shown = name.isEmpty ? "a key" : String(name.prefix(64))
            self.problems.append(
                OTPSettingsError(.invalid, shown, problem: "it is not a setting", remedy: remedy, source: source)
            )
            return
        }
        do throws(YAMLFault) {
            guard let text = try YAMLValue(node).text(for: variable.form) else { return }
            self.values[variable.name] = Value(text: text, line: line)
        } catch {
            self.problems.append(
                OTPSettingsError(
                    .invalid,
                    variable.name,
                    problem: error.reason,
                    remedy: variable.remedy,
                    source: source
                )
            )
        }
    }

    /// Returns the probable correct key for an unknown key, such as `maximumSegments` for `OTP_MAXIMUM_SEGMENTS`.
    private static func suggestion(_ name: String, _ variables: some Collection<Variable>) -> String? {
        func letters(_ text: String) -> String { text.filter { $0 != "_" && $0 != "-" }.lowercased() }
        let name = letters(name)
        return variables.first { [letters($0.key), letters($0.name)].contains(name) }?.key
    }
}
