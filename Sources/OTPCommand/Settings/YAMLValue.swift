// SPDX-License-Identifier: Apache-2.0

import JSONOutput
import OTPEnvironment
import Yams

/// A value in a YAML file with settings.
struct YAMLValue {
    private let node: Node

    init(_ node: Node) { self.node = node }

    /// Returns the value as text, in the format of the environment variable for the same setting.
    ///
    /// - Parameter form: The format of the variable's value.
    /// - Returns: The text; `nil` if the value is empty.
    /// - Throws: ``YAMLFault`` if the value does not have this format.
    func text(for form: Variable.Form) throws(YAMLFault) -> String? {
        switch (self.node, form) {
        case (.scalar(let scalar), _):
            let text = self.node.null == nil ? scalar.string : ""
            return text.isEmpty ? nil : text
        case (.sequence(let sequence), .list(let separator)):
            return try self.entries(sequence, separator).joined(separator: separator)
        case (.mapping, .document): return String(decoding: try Self.json(self.node).bytes, as: UTF8.self)
        case (.sequence, _): throw YAMLFault("it is a sequence")
        case (.mapping, _): throw YAMLFault("it is a mapping")
        case (.alias, _): throw YAMLFault(YAMLFault.anchors)
        }
    }

    private func entries(_ sequence: Node.Sequence, _ separator: String) throws(YAMLFault) -> [String] {
        var entries: [String] = []
        for (position, node) in sequence.enumerated() {
            guard let text = node.scalar?.string, !text.contains(separator) else {
                throw YAMLFault("entry \(position + 1) is not a text without '\(separator)'")
            }
            entries.append(text)
        }
        return entries
    }

    /// Converts a YAML node to JSON.
    ///
    /// Unquoted whole numbers become JSON numbers. All other scalars become strings.
    private static func json(_ node: Node) throws(YAMLFault) -> JSONText {
        switch node {
        case .scalar(let scalar):
            guard scalar.style == .plain, let number = Int(scalar.string) else { return .string(scalar.string) }
            return .int(number)
        case .sequence(let sequence):
            return .array(try sequence.map { node throws(YAMLFault) in try Self.json(node) })
        case .mapping(let mapping):
            return .object(
                try mapping.map { key, value throws(YAMLFault) in
                    guard let name = key.scalar?.string else { throw YAMLFault("a key is not a text") }
                    return (name: name, value: try Self.json(value))
                }
            )
        case .alias: throw YAMLFault(YAMLFault.anchors)
        }
    }
}

/// An error in a YAML file, without the content of the file.
struct YAMLFault: Error {
    /// The number of the line with the error; `nil` if the number is not known.
    var line: Int?

    var reason: String

    init(_ reason: String) { self.reason = reason }

    private static let undefinedAlias = "found undefined alias"

    /// Throws an error if a text has an anchor, because a few nested anchors can expand to gigabytes.
    ///
    /// The check replaces each `&` by `*`, which turns each anchor into an alias of an undefined anchor. The parser rejects
    /// such an alias.
    static func checkAnchors(_ text: String) throws {
        let (anchor, alias) = (UInt8(ascii: "&"), UInt8(ascii: "*"))
        guard text.utf8.contains(anchor) else { return }
        _ = try compose(yaml: String(decoding: text.utf8.map { $0 == anchor ? alias : $0 }, as: UTF8.self))
    }

    /// Converts an error of the YAML parser.
    ///
    /// The error of the parser quotes a line of the file. The converted error contains only the number of the line.
    init(_ error: any Error) {
        switch error {
        case YamlError.composer(_, Self.undefinedAlias, let mark, _):
            self.reason = Self.anchors
            self.line = mark.line
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            self.reason = "it is not YAML: \(problem)"
            self.line = mark.line
        case YamlError.duplicatedKeysInMapping(_, let context):
            self.reason = "a mapping has a key twice"
            self.line = context.mark.line
        default: self.reason = "it is not YAML"
        }
    }

    static let anchors = "anchors and aliases are not supported"

    /// The line and the reason, for a message that begins with the path of the file.
    var text: String { "\(self.line.map { ":\($0)" } ?? ""): \(self.reason)" }
}
