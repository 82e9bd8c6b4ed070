// SPDX-License-Identifier: Apache-2.0

import Redaction

/// A JSON value.
///
/// External values may contain a phone number, a text or a key, so no value is printed or dumped.
package enum JSON: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number, as it was written.
    case number(JSONNumber)
    /// A string without its escapes.
    case string(String)
    /// An array.
    case array([JSON])
    /// An object.
    case object([String: JSON])

    /// Reads a JSON text: one value with white space around it, in UTF-8, perhaps after a byte order mark.
    ///
    /// The cost is linear in the number of bytes. The size is not limited here: callers limit what they collect.
    ///
    /// - Parameters:
    ///   - bytes: The whole text.
    ///   - rules: The limits, and the treatment of input on which JSON parsers differ.
    /// - Throws: A ``JSONError`` with the kind and the offset of the first fault.
    package init(parsing bytes: some Collection<UInt8>, rules: JSONRules) throws(JSONError) {
        var parser = JSONParser(bytes: Array(bytes), rules: rules)
        self = try parser.document()
    }

    /// The value of a member; `nil` if this is no object or has no such member.
    package subscript(name: String) -> JSON? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    /// The string; `nil` for every other kind.
    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The truth value; `nil` for every other kind.
    package var bool: Bool? {
        if case .bool(let truth) = self { truth } else { nil }
    }

    /// The whole number; `nil` for every other kind, and for a number that `Int64` does not hold.
    package var int64: Int64? {
        if case .number(let number) = self { number.int64 } else { nil }
    }

    /// The number; `nil` for every other kind, and for a number that is too large.
    package var double: Double? {
        if case .number(let number) = self { number.double } else { nil }
    }

    /// The elements; `nil` for every other kind.
    package var array: [JSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The strings of an array of strings; `nil` for every other kind.
    package var strings: [String]? {
        guard let strings = self.array?.map(\.string), !strings.contains(nil) else { return nil }
        return strings.compactMap(\.self)
    }

    /// The members; `nil` for every other kind.
    package var object: [String: JSON]? {
        if case .object(let members) = self { members } else { nil }
    }
}

extension JSON: Redacted {
    /// The kind of the value only.
    package var description: String {
        switch self {
        case .null: "JSON(null)"
        case .bool: "JSON(bool)"
        case .number: "JSON(number)"
        case .string: "JSON(string)"
        case .array: "JSON(array)"
        case .object: "JSON(object)"
        }
    }
}
