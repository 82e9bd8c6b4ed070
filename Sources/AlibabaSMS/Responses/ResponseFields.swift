public import Redaction
import StrictJSON

/// The fields of a JSON object, which an answer takes one by one; what is left is not known here.
///
/// An odd field is left rather than thrown for: a message that was taken must not look as if it was not.
public struct ResponseFields: Sendable, Hashable {
    /// The fields that were not taken.
    public private(set) var values: [String: JSONValue]

    init(_ values: [String: JSONValue]) { self.values = values }

    /// The members of a JSON object; `nil` for every other value.
    init?(_ json: JSON) {
        guard let members = json.object else { return nil }
        self.values = members.mapValues(JSONValue.init)
    }

    /// Takes a text, or a whole number as a text.
    ///
    /// - Parameter name: The name of the field.
    /// - Returns: `nil` if the field is absent or something else, which then stays among ``values``.
    public mutating func takeText(_ name: String) -> String? {
        guard let text = self.values[name]?.text else { return nil }
        self.values[name] = nil
        return text
    }

    /// Takes a list of texts: an array, or a text that holds a JSON array, as the gateway's lists do.
    ///
    /// - Parameter name: The name of the field.
    /// - Returns: `nil` if the field is absent or something else, which then stays among ``values``.
    public mutating func takeTexts(_ name: String) -> [String]? {
        guard let list = self.values[name].flatMap(Self.texts) else { return nil }
        self.values[name] = nil
        return list
    }

    /// Takes an object.
    ///
    /// - Parameter name: The name of the field.
    /// - Returns: `nil` if the field is absent or something else, which then stays among ``values``.
    public mutating func takeObject(_ name: String) -> ResponseFields? {
        guard case .object(let values)? = self.values[name] else { return nil }
        self.values[name] = nil
        return ResponseFields(values)
    }

    mutating func remove(_ name: String) { self.values[name] = nil }

    private static func texts(_ value: JSONValue) -> [String]? {
        switch value {
        case .array(let values):
            let texts = values.compactMap(\.text)
            return texts.count == values.count ? texts : nil
        case .string(""):
            return []
        case .string(let text):
            guard let json = try? JSON(parsing: text.utf8, rules: .externalFormat), case .array = json else {
                return nil
            }
            return self.texts(JSONValue(json))
        default:
            return nil
        }
    }
}

extension ResponseFields: Redacted {
    /// The number of fields only.
    public var description: String { "ResponseFields(\(self.values.count))" }
}

/// What the gateway answers when it did what was asked.
public protocol AlibabaSMSResponse: Sendable {
    /// The gateway's identifier of the request, if the response has one.
    var requestID: String? { get }

    /// Reads an answer from the fields of its JSON object, any of which may be absent.
    init(_ fields: ResponseFields)
}
