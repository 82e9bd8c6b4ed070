/// How a client encodes a name or a value before it signs it: as the gateway wants it, or with known mistakes.
struct ParameterEncoding: Sendable, Hashable {
    /// The characters that are left as they are, beside letters, digits and `-_.~`.
    var leavesBare = ""
    var writesSpaceAsPlus = false
    var encodesTilde = false
    var writesLowerCaseHex = false
    /// How many times the text is encoded; once is right.
    var rounds = 1

    func encode(_ text: String) -> String {
        (0..<self.rounds).reduce(text) { text, _ in self.encodeOnce(text) }
    }

    private func encodeOnce(_ text: String) -> String {
        let digits = Array((self.writesLowerCaseHex ? "0123456789abcdef" : "0123456789ABCDEF").utf8)
        let bare = Array(self.leavesBare.utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 2)
        for byte in text.utf8 {
            if byte == UInt8(ascii: " "), self.writesSpaceAsPlus {
                bytes.append(UInt8(ascii: "+"))
            } else if self.isUnreserved(byte) || bare.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        case UInt8(ascii: "~"): !self.encodesTilde
        default: false
        }
    }
}
