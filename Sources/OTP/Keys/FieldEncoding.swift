// SPDX-License-Identifier: Apache-2.0

import Crypto

/// An encoding of a list of fields, each preceded by its length.
///
/// Different lists never have the same encoding.
struct FieldEncoding {
    private(set) var bytes: [UInt8] = []

    init() {
        // The capacity is sufficient for a code and names of typical length.
        self.bytes.reserveCapacity(160)
    }

    /// Appends a field: its length in 4 bytes, most significant byte first, and its bytes.
    mutating func append(_ field: UnsafeRawBufferPointer) {
        withUnsafeBytes(of: UInt32(field.count).bigEndian) { self.bytes.append(contentsOf: $0) }
        self.bytes.append(contentsOf: field)
    }

    /// Appends a field of bytes.
    mutating func append(_ field: [UInt8]) {
        field.withUnsafeBytes { self.append($0) }
    }

    /// Returns the first 128 bits of the SHA-256 digest of all fields.
    func digest() -> [UInt8] {
        var hash = SHA256()
        self.bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize().withUnsafeBytes { Array(UnsafeRawBufferPointer(rebasing: $0.prefix(16))) }
    }

    /// Appends a text as UTF-8.
    mutating func append(_ field: String) {
        var field = field
        field.withUTF8 { self.append(UnsafeRawBufferPointer($0)) }
    }
}
