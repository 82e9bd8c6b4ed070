// SPDX-License-Identifier: Apache-2.0

import Redaction

/// A JSON value.
///
/// Descriptions and dumps show only the kind of the value, because the value may be a phone number or a secret.
package enum JSON: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number as written in the text.
    case number(JSONNumber)
    /// A string with its escapes decoded.
    case string(String)
    /// An array.
    case array([JSON])
    /// An object.
    case object([String: JSON])

    /// Parses a JSON text, which is one value in UTF-8.
    ///
    /// White space around the value and a leading byte order mark are allowed. Parsing takes linear time. The caller must limit
    /// the size of the text.
    ///
    /// - Parameters:
    ///   - bytes: The whole text.
    ///   - rules: The limits and the options.
    /// - Throws: A ``JSONError`` with the kind and the position of the first fault.
    package init(parsing bytes: some Collection<UInt8>, rules: JSONRules) throws(JSONError) {
        var parser = JSONParser(bytes: Array(bytes), rules: rules)
        self = try parser.document()
    }

    /// Parses a JSON text, and returns the members of the object in their order.
    ///
    /// For a small object, an array is several times faster than a dictionary. The rule about duplicate members applies only to
    /// objects inside the object: the result contains each member of the object itself, including duplicates.
    ///
    /// - Parameters:
    ///   - bytes: The whole text.
    ///   - rules: The limits and the options.
    /// - Returns: The members; `nil` if the text is a value of another kind.
    /// - Throws: A ``JSONError`` with the kind and the position of the first fault.
    package static func members(
        parsing bytes: some Collection<UInt8>,
        rules: JSONRules
    ) throws(JSONError) -> [(name: String, value: JSON)]? {
        var parser = JSONParser(bytes: Array(bytes), rules: rules)
        return try parser.members()
    }

    /// Returns the value of a member; `nil` if this value is not an object or has no such member.
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

    /// The number as an integer; `nil` for values of other kinds, and for numbers with a fraction, with an exponent or outside
    /// the range of `Int64`.
    package var int64: Int64? {
        if case .number(let number) = self { number.int64 } else { nil }
    }

    /// The number; `nil` for values of other kinds, and if the number is too large.
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
    /// The kind of the value without its content, such as `JSON(string)`.
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
