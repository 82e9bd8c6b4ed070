// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

/// Tests that types with custom decoding work as with other decoders.
@Suite struct DecodingTests {
    struct Item: Decodable, Hashable {
        enum Kind: String, Decodable { case small, large }

        struct Point: Decodable, Hashable {
            var x: Double
            var y: Float?
        }

        var name: String
        var kind: Kind
        var points: [Point]
        var flags: [String: Bool]
        var count: UInt8?
        var note: String?
    }

    static func fault(_ text: String) throws -> (path: String, kind: String) {
        do {
            _ = try SyntaxTests.parse(text).decode(Item.self)
            return ("", "none")
        } catch let error as DecodingError {
            func path(_ context: DecodingError.Context) -> String {
                context.codingPath.map(\.stringValue).joined(separator: ".")
            }
            switch error {
            case .keyNotFound(let key, let context): return (path(context), "no \(key.stringValue)")
            case .typeMismatch(_, let context): return (path(context), "type")
            case .valueNotFound(_, let context): return (path(context), "null")
            case .dataCorrupted(let context): return (path(context), "value")
            @unknown default: return ("", "unknown")
            }
        }
    }

    @Test("Nested types, lists, dictionaries, enumerations and optionals are read")
    func item() throws {
        let text =
            #"{"name":"x","kind":"large","points":[{"x":1},{"x":2.5,"y":3}],"flags":{"a":true},"count":200,"note":null}"#
        let item = try SyntaxTests.parse(text).decode(Item.self)
        let points = [Item.Point(x: 1), Item.Point(x: 2.5, y: 3)]
        #expect(item == Item(name: "x", kind: .large, points: points, flags: ["a": true], count: 200, note: nil))
    }

    @Test(
        "A fault names its path",
        arguments: [
            ("[]", "", "type"), ("null", "", "null"), (#"{"name":1}"#, "name", "type"),
            (#"{"name":null}"#, "name", "null"), (#"{"name":"x"}"#, "kind", "no kind"),
            (#"{"name":"x","kind":"huge"}"#, "kind", "value"),
            (#"{"name":"x","kind":"small","points":{}}"#, "points", "type"),
            (#"{"name":"x","kind":"small","points":[{"x":1},{"x":"1"}]}"#, "points.1.x", "type"),
            (#"{"name":"x","kind":"small","points":[],"flags":{"a":1}}"#, "flags.a", "type"),
            (#"{"name":"x","kind":"small","points":[],"flags":{},"count":256}"#, "count", "type"),
            (#"{"name":"x","kind":"small","points":[],"flags":{},"count":-1}"#, "count", "type"),
            (#"{"name":"x","kind":"small","points":[],"flags":{},"count":1.5}"#, "count", "type"),
            (#"{"name":"x","kind":"small","points":[],"flags":{},"count":true}"#, "count", "type"),
        ]
    )
    func faults(_ text: String, _ path: String, _ kind: String) throws {
        let fault = try Self.fault(text)
        #expect(fault.path == path)
        #expect(fault.kind == kind)
    }

    @Test("A conversion creates the values that are written as strings")
    func conversion() throws {
        struct Celsius: Decodable, Hashable { var degrees: Int }
        let json = try SyntaxTests.parse(#"{"a":"20 C","b":"5 C"}"#)
        let values = try json.decode([String: Celsius].self) { type, text in
            type == Celsius.self ? Int(text.dropLast(2)).map(Celsius.init) : nil
        }
        #expect(values == ["a": Celsius(degrees: 20), "b": Celsius(degrees: 5)])
        #expect(throws: DecodingError.self) { try json.decode([String: Celsius].self) }
    }
}
