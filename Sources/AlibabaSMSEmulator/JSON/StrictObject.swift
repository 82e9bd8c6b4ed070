// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import TextFormats

/// A JSON object that rejects unknown members.
struct StrictObject {
    private let container: KeyedDecodingContainer<MemberName>

    init(_ decoder: any Decoder, fields: [String]) throws {
        self.container = try decoder.container(keyedBy: MemberName.self)
        if let unknown = self.container.allKeys.map(\.stringValue).sorted().first(where: { !fields.contains($0) }) {
            throw self.error(unknown, "is not known here; known are \(fields.joined(separator: ", "))")
        }
    }

    func contains(_ name: String) -> Bool { self.container.contains(MemberName(name)) }

    func decode<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value? {
        try self.container.decodeIfPresent(type, forKey: MemberName(name))
    }

    func require<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        guard let value = try self.decode(type, name) else { throw self.error(name, "is missing") }
        return value
    }

    /// Decodes a string, and checks that its length in bytes is in a range.
    func text(_ name: String, _ length: ClosedRange<Int>) throws -> String? {
        guard let text = try self.decode(String.self, name) else { return nil }
        guard length.contains(text.utf8.count) else {
            throw self.error(name, "must have \(length.lowerBound) to \(length.upperBound) bytes")
        }
        return text
    }

    func integer(_ name: String, _ range: ClosedRange<Int>) throws -> Int? {
        guard let number = try self.decode(Int.self, name) else { return nil }
        guard range.contains(number) else {
            throw self.error(name, "must be \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Decodes a duration, which is text such as `500ms` or `2s`, or a number of seconds.
    func duration(_ name: String, _ range: ClosedRange<Duration>) throws -> Duration? {
        guard self.contains(name) else { return nil }
        let text =
            if let number = try? self.decode(Int.self, name) { "\(number)" } else {
                try self.decode(String.self, name) ?? ""
            }
        guard let duration = DurationText.parse(text), range.contains(duration) else {
            let limits = [range.lowerBound, range.upperBound].map(DurationText.format).joined(separator: " to ")
            throw self.error(name, "must be a duration such as 500ms, 2s, 5m or 1h, from \(limits)")
        }
        return duration
    }

    func error(_ name: String, _ message: String) -> DecodingError {
        let path = self.container.codingPath + [MemberName(name)]
        return DecodingError.dataCorrupted(.init(codingPath: path, debugDescription: message))
    }
}
