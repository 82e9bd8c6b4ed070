// SPDX-License-Identifier: Apache-2.0

extension JSON {
    /// A closure that converts a string to a value of a type, such as a date.
    ///
    /// If the closure returns `nil`, the type decodes the string itself.
    package typealias TextConversion = @Sendable (_ type: any Decodable.Type, _ text: String) -> (any Decodable)?

    /// Decodes the JSON value as a Swift type.
    ///
    /// - Parameters:
    ///   - type: The type of the value.
    ///   - conversion: A closure that converts strings to values of some types.
    /// - Returns: The value.
    /// - Throws: A `DecodingError` with the path to the invalid value.
    package func decode<Value: Decodable>(
        _ type: Value.Type,
        conversion: @escaping TextConversion = { _, _ in nil }
    ) throws -> Value {
        try JSONDecoding(json: self, codingPath: [], conversion: conversion).decode(type)
    }
}

/// A decoder for a JSON value.
///
/// The decoder also serves as the single-value container that it returns.
struct JSONDecoding: Decoder, SingleValueDecodingContainer {
    let json: JSON
    let codingPath: [any CodingKey]
    let conversion: JSON.TextConversion
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(JSONMembers(members: try self.require(self.json.object), decoding: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        JSONElements(elements: try self.require(self.json.array, [Any].self), decoding: self)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { self.json == .null }

    func decode(_ type: Bool.Type) throws -> Bool { try self.require(self.json.bool) }

    func decode(_ type: String.Type) throws -> String { try self.require(self.json.string) }

    func decode(_ type: Double.Type) throws -> Double { try self.require(self.json.double) }

    func decode(_ type: Float.Type) throws -> Float { Float(try self.require(self.json.double)) }

    func decode<Integer: FixedWidthInteger & Decodable>(_ type: Integer.Type) throws -> Integer {
        guard case .number(let number) = self.json else { return try self.require(nil) }
        return try self.require(number.integer(type))
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if case .string(let text) = self.json, let value = self.conversion(type, text) as? Value { return value }
        return try Value(from: self)
    }

    /// Returns the decoder for an element or a member of this value.
    func inner(_ json: JSON, _ key: any CodingKey) -> Self {
        Self(json: json, codingPath: self.codingPath + [key], conversion: self.conversion)
    }

    private func require<Value>(_ value: Value?, _ type: Any.Type = Value.self) throws -> Value {
        if let value { return value }
        let context = DecodingError.Context(codingPath: self.codingPath, debugDescription: "another type was expected")
        throw self.json == .null ? DecodingError.valueNotFound(type, context) : .typeMismatch(type, context)
    }
}

/// A keyed container for the members of a JSON object.
private struct JSONMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: [String: JSON]
    let decoding: JSONDecoding

    var codingPath: [any CodingKey] { self.decoding.codingPath }
    var allKeys: [Key] { self.members.keys.compactMap(Key.init(stringValue:)) }

    func contains(_ key: Key) -> Bool { self.members[key.stringValue] != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try self.inner(key).decodeNil() }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try self.inner(key).decode(type)
    }

    func nestedContainer<Inner: CodingKey>(
        keyedBy type: Inner.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Inner> { try self.inner(key).container(keyedBy: type) }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try self.inner(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { self.decoding }

    func superDecoder(forKey key: Key) throws -> any Decoder { try self.inner(key) }

    private func inner(_ key: Key) throws -> JSONDecoding {
        guard let json = self.members[key.stringValue] else {
            let context = DecodingError.Context(codingPath: self.codingPath + [key], debugDescription: "is missing")
            throw DecodingError.keyNotFound(key, context)
        }
        return self.decoding.inner(json, key)
    }
}

/// An unkeyed container for the elements of a JSON array.
private struct JSONElements: UnkeyedDecodingContainer {
    private struct Index: CodingKey {
        let index: Int
        var stringValue: String { "\(self.index)" }
        var intValue: Int? { self.index }

        init(_ index: Int) { self.index = index }

        init?(stringValue: String) { nil }

        init?(intValue: Int) { self.index = intValue }
    }

    let elements: [JSON]
    let decoding: JSONDecoding
    private(set) var currentIndex = 0

    init(elements: [JSON], decoding: JSONDecoding) {
        self.elements = elements
        self.decoding = decoding
    }

    var codingPath: [any CodingKey] { self.decoding.codingPath }
    var count: Int? { self.elements.count }
    var isAtEnd: Bool { self.currentIndex >= self.elements.count }

    mutating func decodeNil() throws -> Bool {
        guard try self.current().decodeNil() else { return false }
        self.currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let value = try self.current().decode(type)
        self.currentIndex += 1
        return value
    }

    mutating func nestedContainer<Inner: CodingKey>(
        keyedBy type: Inner.Type
    ) throws -> KeyedDecodingContainer<Inner> { try self.superDecoder().container(keyedBy: type) }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try self.superDecoder().unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder {
        let decoder = try self.current()
        self.currentIndex += 1
        return decoder
    }

    private func current() throws -> JSONDecoding {
        let key = Index(self.currentIndex)
        guard !self.isAtEnd else {
            let context = DecodingError.Context(codingPath: self.codingPath + [key], debugDescription: "is missing")
            throw DecodingError.keyNotFound(key, context)
        }
        return self.decoding.inner(self.elements[self.currentIndex], key)
    }
}
