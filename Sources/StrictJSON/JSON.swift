// SPDX-License-Identifier: Apache-2.0

import Redaction

/// A JSON value.
///
/// A value may contain a phone number, a text or a secret key, so descriptions and dumps show only its kind.
package enum JSON: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number as it was written in the text.
    case number(JSONNumber)
    /// A string with its escapes decoded.
    case string(String)
    /// An array.
    case array([JSON])
    /// An object.
    case object([String: JSON])

    /// Parses a JSON text.
    ///
    /// The text is one value in UTF-8. White space around the value and a byte order mark before it are optional. Parsing takes
    /// linear time. The caller must limit the size of the text.
    ///
    /// - Parameters:
    ///   - bytes: The whole text.
    ///   - rules: The limits, and the treatment of input on which JSON parsers differ.
    /// - Throws: A ``JSONError`` with the kind and the offset of the first fault.
    package init(parsing bytes: some Collection<UInt8>, rules: JSONRules) throws(JSONError) {
        var parser = JSONParser(bytes: Array(bytes), rules: rules)
        self = try parser.document()
    }

    /// Returns the value of a member, or `nil` if this value is not an object or has no such member.
    package subscript(name: String) -> JSON? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    /// The string; `nil` for values of other kinds.
    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The Boolean value; `nil` for values of other kinds.
    package var bool: Bool? {
        if case .bool(let truth) = self { truth } else { nil }
    }

    /// The number as an integer; `nil` for values of other kinds, and for a number that does not fit into `Int64`.
    package var int64: Int64? {
        if case .number(let number) = self { number.int64 } else { nil }
    }

    /// The number; `nil` for values of other kinds, and for a number that is too large.
    package var double: Double? {
        if case .number(let number) = self { number.double } else { nil }
    }

    /// The elements of the array; `nil` for values of other kinds.
    package var array: [JSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The elements of an array that contains only strings; `nil` for other values.
    package var strings: [String]? {
        guard let strings = self.array?.map(\.string), !strings.contains(nil) else { return nil }
        return strings.compactMap(\.self)
    }

    /// The members of the object; `nil` for values of other kinds.
    package var object: [String: JSON]? {
        if case .object(let members) = self { members } else { nil }
    }
}

extension JSON: Redacted {
    /// The kind of the value, such as `JSON(string)`.
    ///
    /// The content is never shown.
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
