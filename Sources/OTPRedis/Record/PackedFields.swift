// SPDX-License-Identifier: Apache-2.0

/// The fields of one section of a binary string, such as the header of a phone-number record.
///
/// A conforming enumeration has one case for each field, in the order of the fields. A field is a big-endian number, or a
/// string of fixed size. The Lua scripts receive the offsets, the size and the `struct` format as constants.
protocol PackedFields: CaseIterable, Hashable, RawRepresentable<String>, Sendable {
    /// The size of the field in bytes.
    var size: Int { get }

    /// Whether the last field is the length of a string after the section.
    static var endsWithLength: Bool { get }
}

extension PackedFields {
    static var endsWithLength: Bool { false }

    /// The total size of all fields in bytes.
    static var size: Int { Self.allCases.reduce(0) { $0 + $1.size } }

    /// The offset of the field in the section, in bytes.
    var offset: Int { Self.allCases.prefix { $0 != self }.reduce(0) { $0 + $1.size } }

    /// The format string with which `struct.pack` and `struct.unpack` in Lua write and read the section.
    static var format: String { ">" + Self.letters + (Self.endsWithLength ? "c0" : "") }

    /// The format letters of all fields, without the byte order.
    static var letters: String { Self.letters(of: Self.allCases) }

    /// Returns the format letters of some fields, without the byte order.
    static func letters(of fields: some Sequence<Self>) -> String {
        fields
            .map { field in
                switch field.size {
                case 1: "B"
                case 2: "H"
                case 3...6: "I\(field.size)"
                default: "c\(field.size)"
                }
            }
            .joined()
    }

    /// Returns the constants of the section for the scripts.
    ///
    /// The constants are `NAME.size`, `NAME.format`, and `NAME.field` for the offset of each field.
    static func constants(_ name: String) -> [String: String] {
        var constants = ["\(name).size": "\(Self.size)", "\(name).format": "'\(Self.format)'"]
        for field in Self.allCases { constants["\(name).\(field.rawValue)"] = "\(field.offset)" }
        return constants
    }
}
