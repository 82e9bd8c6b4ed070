/// Any JSON value, for fields that are not known here.
///
/// It may be a part of an answer that quotes the number and the text, so it is neither printed nor dumped.
public enum JSONValue: Decodable, Sendable, Hashable {
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

    /// Reads any value; a number that no type here holds becomes `null`, and spoils nothing beside it.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let object = try? container.decode([String: JSONValue].self) {
            self = .object(object)
        } else if let array = try? container.decode([JSONValue].self) {
            self = .array(array)
        } else if let truth = try? container.decode(Bool.self) {
            self = .bool(truth)
        } else if let integer = try? container.decode(Int64.self) {
            self = .integer(integer)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .null
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

extension JSONValue: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
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

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// A mirror without children, so that `dump` shows nothing secret.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
