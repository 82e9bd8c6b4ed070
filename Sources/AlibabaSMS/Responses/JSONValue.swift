public import Redaction
import StrictJSON

/// Any JSON value, for fields that are not known here.
///
/// It may be a part of an answer that quotes the number and the text, so it is neither printed nor dumped.
public enum JSONValue: Sendable, Hashable {
    /// `null`.
    case null
    /// A truth value.
    case bool(Bool)
    /// A whole number.
    case integer(Int64)
    /// Any other number.
    case number(Double)
    /// A text.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// An object.
    case object([String: JSONValue])

    /// Converts a value; a number that no type here holds becomes `null`, so that it does not invalidate its neighbors.
    init(_ json: JSON) {
        self =
            switch json {
            case .null: .null
            case .bool(let truth): .bool(truth)
            case .number(let number):
                number.int64.map(Self.integer) ?? number.double.map(Self.number) ?? .null
            case .string(let text): .string(text)
            case .array(let elements): .array(elements.map(Self.init))
            case .object(let members): .object(members.mapValues(Self.init))
            }
    }

    /// The approximate number of bytes that the value takes in memory.
    var size: Int {
        switch self {
        case .null, .bool, .integer, .number: 32
        case .string(let text): 32 + text.utf8.count
        case .array(let values): values.reduce(32) { $0 + $1.size }
        case .object(let values): values.reduce(32) { $0 + 48 + $1.key.utf8.count + $1.value.size }
        }
    }

    /// The text, or a whole number as a text; `nil` for all else.
    public var text: String? {
        switch self {
        case .string(let text): text
        case .integer(let integer): "\(integer)"
        default: nil
        }
    }
}

extension JSONValue: Redacted {
    /// The kind of the value only.
    public var description: String {
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
