// SPDX-License-Identifier: Apache-2.0

import Crypto

/// An encoding of a list of fields, each preceded by its length.
///
/// Different lists never have the same encoding.
struct FieldEncoding {
    private static let lengthSize = MemoryLayout<UInt32>.size

    /// The initial storage of an encoding, with enough bytes for a code and a ``CodeBinding`` of typical length.
    ///
    /// A copy of this array is faster than `init(repeating:count:)`, which looks up the storage type at run time.
    private static let unused = [UInt8](repeating: 0, count: 192)

    /// The encoded fields, followed by unused bytes.
    ///
    /// A write into unused bytes takes a third of the time of an `append`.
    private var storage = Self.unused
    private var count = 0

    /// The encoded fields.
    var bytes: [UInt8] { Array(self.storage.prefix(self.count)) }

    init() {}

    /// Appends a field: its length in 4 bytes, most significant byte first, and its bytes.
    mutating func append(_ field: UnsafeRawBufferPointer) {
        let start = self.count + Self.lengthSize
        let end = start + field.count
        if end > self.storage.count { self.storage += [UInt8](repeating: 0, count: end) }
        self.storage.withUnsafeMutableBytes { storage in
            let length = UInt32(field.count).bigEndian
            storage.storeBytes(of: length, toByteOffset: start - Self.lengthSize, as: UInt32.self)
            UnsafeMutableRawBufferPointer(rebasing: storage[start..<end]).copyMemory(from: field)
        }
        self.count = end
    }

    /// Appends a field of bytes.
    mutating func append(_ field: [UInt8]) {
        field.withUnsafeBytes { self.append($0) }
    }

    /// Appends a text as UTF-8.
    mutating func append(_ field: String) {
        var field = field
        field.withUTF8 { self.append(UnsafeRawBufferPointer($0)) }
    }

    /// Calls a closure with the encoded fields.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        self.storage.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0.prefix(self.count))) }
    }

    /// Returns the first 128 bits of the SHA-256 digest of all fields.
    func digest() -> [UInt8] {
        var hash = SHA256()
        self.withBytes { hash.update(bufferPointer: $0) }
        return hash.finalize().withUnsafeBytes { Array(UnsafeRawBufferPointer(rebasing: $0.prefix(16))) }
    }
}
