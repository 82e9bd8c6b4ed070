// SPDX-License-Identifier: Apache-2.0

import Redaction
import StrictJSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The JSON value of a field in a response or in a push from the gateway.
///
/// The value may contain a phone number or the text of a message, so the `description` and the output of `dump` show only the
/// type.
enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// Converts a JSON value.
    ///
    /// A number that fits neither `Int64` nor `Double` becomes `null`. All other values are kept.
    init(_ json: JSON) {
        self =
            switch json {
            case .null: .null
            case .bool(let value): .bool(value)
            case .number(let number):
                number.int64.map(Self.integer) ?? number.double.map(Self.number) ?? .null
            case .string(let text): .string(text)
            case .array(let elements): .array(elements.map(Self.init))
            case .object(let members): .object(members.mapValues(Self.init))
            }
    }

    /// The value as text if it is a string or an integer, and otherwise `nil`.
    var text: String? {
        switch self {
        case .string(let text): text
        case .integer(let integer): "\(integer)"
        default: nil
        }
    }

    /// The value as compact JSON text with sorted keys.
    var json: String { JSONText.text(self) }
}

extension JSONValue: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let integer): try container.encode(integer)
        case .number(let number): try container.encode(number)
        case .string(let text): try container.encode(text)
        case .array(let elements): try container.encode(elements)
        case .object(let members): try container.encode(members)
        }
    }
}

extension JSONValue: Redacted {
    /// The type of the value, without the value itself.
    var description: String {
        switch self {
        case .null: "JSONValue(null)"
        case .bool: "JSONValue(bool)"
        case .integer, .number: "JSONValue(number)"
        case .string: "JSONValue(string)"
        case .array: "JSONValue(array)"
        case .object: "JSONValue(object)"
        }
    }
}
