// SPDX-License-Identifier: Apache-2.0

/// A hash slot: one of the 16,384 parts of a cluster's key space.
///
/// The slot of a key is the CRC16 checksum of the key, modulo 16,384. If the key contains a hash tag, only the hash tag is
/// hashed. A hash tag is the text between the first `{` and the next `}`, unless this text is empty.
struct HashSlot: Hashable, Sendable {
    /// The number of slots.
    static let count = 16_384

    /// The number of the slot, from 0 to 16,383.
    let number: UInt16

    /// Creates a slot from its number; returns `nil` if the number is out of range.
    init?(number: Int64) {
        guard (0..<Int64(Self.count)).contains(number) else { return nil }
        self.number = UInt16(number)
    }

    /// Computes the slot of a key.
    init(key: String) {
        var key = key
        self = key.withUTF8 { unsafe Self(key: UnsafeRawBufferPointer($0)) }
    }

    /// Computes the slot of a key.
    init(key: [UInt8]) {
        self = unsafe key.withUnsafeBytes { unsafe Self(key: $0) }
    }

    private init(key: UnsafeRawBufferPointer) {
        self.number = unsafe CRC16.checksum(of: key, in: Self.tag(of: key)) & UInt16(Self.count - 1)
    }

    /// Returns the range of the bytes that determine the hash slot of a key.
    private static func tag(of key: UnsafeRawBufferPointer) -> Range<Int> {
        // This function runs for every command. Explicit loops are ten times as fast as the generic search functions.
        var open = 0
        while open < key.count, unsafe key[open] != UInt8(ascii: "{") { open += 1 }
        var close = open + 1
        while close < key.count, unsafe key[close] != UInt8(ascii: "}") { close += 1 }
        return close < key.count && close > open + 1 ? open + 1..<close : 0..<key.count
    }
}

/// The checksum algorithm of Redis Cluster: CRC-16/XMODEM with the polynomial 0x1021 and the initial value 0.
enum CRC16 {
    /// The checksum of each single byte, indexed by the value of the byte.
    private static let table: [UInt16] = (0..<256)
        .map { byte in
            (0..<8).reduce(UInt16(byte) << 8) { crc, _ in crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
        }

    static func checksum(of bytes: UnsafeRawBufferPointer, in range: Range<Int>) -> UInt16 {
        let table = Self.table
        var crc: UInt16 = 0
        for index in range {
            let byte = unsafe bytes[index]
            crc = crc << 8 ^ table[Int(UInt8(truncatingIfNeeded: crc >> 8) ^ byte)]
        }
        return crc
    }
}
