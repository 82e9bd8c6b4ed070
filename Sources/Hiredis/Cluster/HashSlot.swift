/// One of the 16,384 parts into which a cluster divides all keys.
///
/// The slot of a key is its CRC16 modulo 16,384. If the key has a tag, which is what stands between its first `{` and
/// the first `}` after that, only the tag counts, unless it is empty.
struct HashSlot: Hashable, Sendable {
    /// The number of slots.
    static let count = 16_384

    /// From 0 to 16,383.
    let number: UInt16

    /// Creates a slot by its number, if there is one of that number.
    init?(number: Int64) {
        guard (0..<Int64(Self.count)).contains(number) else { return nil }
        self.number = UInt16(number)
    }

    /// Computes the slot of a key.
    init(key: String) {
        // Does not copy: a key that is not contiguous already would be rare, and is made so in place.
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

    /// Where the part of a key is that decides.
    private static func tag(of key: UnsafeRawBufferPointer) -> Range<Int> {
        // Plain loops: the generic searches take ten times as long, and every command comes through here.
        var open = 0
        while open < key.count, unsafe key[open] != UInt8(ascii: "{") { open += 1 }
        var close = open + 1
        while close < key.count, unsafe key[close] != UInt8(ascii: "}") { close += 1 }
        return close < key.count && close > open + 1 ? open + 1..<close : 0..<key.count
    }
}

/// The checksum that clusters use: CRC-16/XMODEM, with the polynomial 0x1021 and from 0 on.
enum CRC16 {
    /// What each value of the upper byte adds.
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
