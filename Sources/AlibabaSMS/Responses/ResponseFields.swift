// SPDX-License-Identifier: Apache-2.0

import Redaction
import StrictJSON

/// The fields of a JSON object.
///
/// A response type reads and removes its known fields. The remaining fields become the unknown fields of the response. A known
/// field of an unexpected type also remains. Such a field causes no error, because an error would make an accepted message look
/// like a failed message.
package struct ResponseFields: Sendable, Hashable {
    /// The fields that have not been removed.
    private(set) var values: [String: JSONValue]

    init(_ values: [String: JSONValue]) { self.values = values }

    /// Creates the fields of a JSON object, or returns `nil` if the JSON value is not an object.
    init?(_ json: JSON) {
        guard let members = json.object else { return nil }
        self.values = members.mapValues(JSONValue.init)
    }

    /// The fields that have not been removed, as text.
    ///
    /// Strings are unchanged, and other values are JSON text.
    var texts: [String: String] { self.values.mapValues { $0.text ?? $0.json } }

    /// Removes and returns a field with a string or an integer.
    ///
    /// - Parameter name: The name of the field.
    /// - Returns: The text, or `nil` if the field is absent, or is neither a string nor an integer. If the result is `nil`, no
    ///   field is removed.
    mutating func takeText(_ name: String) -> String? {
        guard let text = self.values[name]?.text else { return nil }
        self.values[name] = nil
        return text
    }

    /// Removes and returns a field with a non-negative integer, which may also be encoded as a string.
    ///
    /// - Parameter name: The name of the field.
    /// - Returns: The count, or `nil` if the field is absent or does not contain such an integer. If the result is `nil`, no
    ///   field is removed.
    mutating func takeCount(_ name: String) -> Int? {
        guard let count = self.values[name]?.text.flatMap({ Int($0) }), count >= 0 else { return nil }
        self.values[name] = nil
        return count
    }

    /// Removes and returns a field with an array of strings, which may also be encoded as JSON in a string.
    ///
    /// - Parameter name: The name of the field.
    /// - Returns: The list, or `nil` if the field is absent or does not contain such an array. If the result is `nil`, no field
    ///   is removed.
    mutating func takeTexts(_ name: String) -> [String]? {
        guard let list = self.values[name].flatMap(Self.list) else { return nil }
        self.values[name] = nil
        return list
    }

    /// Removes and returns a field with an object.
    ///
    /// - Parameter name: The name of the field.
    /// - Returns: The object, or `nil` if the field is absent or is not an object. If the result is `nil`, no field is removed.
    mutating func takeObject(_ name: String) -> ResponseFields? {
        guard case .object(let values)? = self.values[name] else { return nil }
        self.values[name] = nil
        return ResponseFields(values)
    }

    mutating func remove(_ name: String) { self.values[name] = nil }

    private static func list(_ value: JSONValue) -> [String]? {
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
            return self.list(JSONValue(json))
        default:
            return nil
        }
    }
}

extension ResponseFields: Redacted {
    /// A text with the number of fields, but without their names and values.
    package var description: String { "ResponseFields(\(self.values.count))" }
}
