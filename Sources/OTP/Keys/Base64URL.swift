/// Base64 with the alphabet for URLs and without padding (RFC 4648 section 5).
package enum Base64URL {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Encodes bytes, between texts that stay as they are.
    package static func encode(_ bytes: [UInt8], after opening: String = "", before ending: String = "") -> String {
        let length = (bytes.count * 4 + 2) / 3
        return String(unsafeUninitializedCapacity: opening.utf8.count + length + ending.utf8.count) { text in
            let start = text.initialize(fromContentsOf: opening.utf8)
            let end = text[(start + length)...].initialize(fromContentsOf: ending.utf8)
            self.write(bytes, to: UnsafeMutableBufferPointer(rebasing: text[start..<start + length]))
            return end
        }
    }

    /// Writes the four digits of each three bytes, and as many as are begun of what is left.
    private static func write(_ bytes: [UInt8], to text: UnsafeMutableBufferPointer<UInt8>) {
        let digits = self.digits
        var position = 0
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let left = bytes.count - start
            var group = Int(bytes[start]) << 16
            if left > 1 { group |= Int(bytes[start + 1]) << 8 }
            if left > 2 { group |= Int(bytes[start + 2]) }
            for digit in 0...min(left, 3) {
                text[position] = digits[group >> (18 - 6 * digit) & 63]
                position += 1
            }
        }
    }

    /// Decodes text; `nil` unless it is exactly what ``encode(_:after:before:)`` gives.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        guard text.utf8.count <= 4096 else { return nil }
        var bytes: [UInt8] = []
        var bits = 0
        var count = 0
        for digit in text.utf8 {
            guard let value = self.value(of: digit) else { return nil }
            bits = (bits << 6 | value) & 0xFFFF
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        // Whatever is left over was not encoded: less than a digit's bits, and all of them zero.
        guard count < 6, bits & ((1 << count) - 1) == 0 else { return nil }
        return bytes
    }

    private static func value(of digit: UInt8) -> Int? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(digit) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(digit) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(digit) + 4
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
