// SPDX-License-Identifier: Apache-2.0

/// A parser for JSON (RFC 8259) that runs in linear time.
///
/// The parser recurses into each array and object, up to the depth ``JSONRules/depthCeiling``.
struct JSONParser {
    let bytes: [UInt8]
    let rules: JSONRules
    var position = 0

    init(bytes: [UInt8], rules: JSONRules) {
        self.bytes = bytes
        self.rules = rules
    }

    /// Parses the whole text.
    mutating func document() throws(JSONError) -> JSON {
        self.skipByteOrderMark()
        let value = try self.value(depth: 0)
        try self.expectEnd()
        return value
    }

    /// Parses the whole text, and returns the members of the object, including duplicates; `nil` for a value of another kind.
    mutating func members() throws(JSONError) -> [(name: String, value: JSON)]? {
        self.skipByteOrderMark()
        guard self.nextSymbol() == UInt8(ascii: "{") else {
            _ = try self.value(depth: 0)
            try self.expectEnd()
            return nil
        }
        var members: [(name: String, value: JSON)] = []
        members.reserveCapacity(6)
        try self.elements(until: UInt8(ascii: "}"), depth: 1) { parser throws(JSONError) in
            let name = try parser.memberName()
            members.append((name, try parser.value(depth: 1)))
        }
        try self.expectEnd()
        return members
    }

    private mutating func skipByteOrderMark() {
        if self.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { self.position = 3 }
    }

    /// Checks that only white space follows.
    private mutating func expectEnd() throws(JSONError) {
        guard self.nextSymbol() == nil else { throw self.error(.trailingContent) }
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSON {
        switch self.nextSymbol() {
        case UInt8(ascii: "{"): return .object(try self.object(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try self.array(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try self.string())
        case UInt8(ascii: "t"): return try self.word("true", .bool(true))
        case UInt8(ascii: "f"): return try self.word("false", .bool(false))
        case UInt8(ascii: "n"): return try self.word("null", .null)
        case UInt8(ascii: "-"), (UInt8(ascii: "0")...UInt8(ascii: "9"))?: return .number(try self.number())
        default: throw self.unexpected()
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> [JSON] {
        var elements: [JSON] = []
        try self.elements(until: UInt8(ascii: "]"), depth: depth) { parser throws(JSONError) in
            elements.append(try parser.value(depth: depth))
        }
        return elements
    }

    private mutating func object(depth: Int) throws(JSONError) -> [String: JSON] {
        var members: [String: JSON] = [:]
        // Most documents are one object. A document with many small objects must not use more memory.
        if depth == 1 { members.reserveCapacity(6) }
        try self.elements(until: UInt8(ascii: "}"), depth: depth) { parser throws(JSONError) in
            _ = parser.nextSymbol()
            let start = parser.position
            let name = try parser.memberName()
            let value = try parser.value(depth: depth)
            guard let earlier = members.updateValue(value, forKey: name) else { return }
            switch parser.rules.duplicates {
            case .rejected: throw JSONError(code: .duplicateName, offset: start)
            case .firstWins: members[name] = earlier
            case .lastWins: break
            }
        }
        return members
    }

    /// Parses the name of a member and the colon after it.
    private mutating func memberName() throws(JSONError) -> String {
        guard self.nextSymbol() == UInt8(ascii: "\"") else { throw self.unexpected() }
        let name = try self.string()
        guard self.nextSymbol() == UInt8(ascii: ":") else { throw self.unexpected() }
        self.position += 1
        return name
    }

    /// Parses the elements of an array or an object, including the brackets and the commas.
    private mutating func elements(
        until end: UInt8,
        depth: Int,
        _ element: (inout Self) throws(JSONError) -> Void
    ) throws(JSONError) {
        guard depth <= self.rules.maximumDepth else { throw self.error(.nestingTooDeep) }
        self.position += 1
        if self.nextSymbol() == end {
            self.position += 1
            return
        }
        while true {
            try element(&self)
            let symbol = self.nextSymbol()
            guard symbol == end || symbol == UInt8(ascii: ",") else { throw self.unexpected() }
            self.position += 1
            if symbol == end { return }
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        for index in 0..<word.utf8CodeUnitCount {
            let letter = word.withUTF8Buffer { $0[index] }
            guard self.byte == letter else { throw self.unexpected() }
            self.position += 1
        }
        return value
    }

    /// The byte at the current position; `nil` at the end.
    var byte: UInt8? { self.position < self.bytes.count ? self.bytes[self.position] : nil }

    /// Skips white space, and returns the next byte without consuming it.
    private mutating func nextSymbol() -> UInt8? {
        while let byte = self.byte {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: self.position += 1
            default: return byte
            }
        }
        return nil
    }

    /// Returns the error for the byte at the current position, or for the end of the text.
    func unexpected() -> JSONError { self.error(self.byte == nil ? .unexpectedEnd : .unexpectedByte) }

    func error(_ code: JSONError.Code) -> JSONError { JSONError(code: code, offset: self.position) }
}
