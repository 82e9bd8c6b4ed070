import TextFormats

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
        let bare = Array(self.leavesBare.utf8)
        let encoded = PercentEncoding.encode(text, uppercase: !self.writesLowerCaseHex) { byte in
            if byte == UInt8(ascii: " "), self.writesSpaceAsPlus { return true }
            if byte == UInt8(ascii: "~"), self.encodesTilde { return bare.contains(byte) }
            return PercentEncoding.isUnreserved(byte) || bare.contains(byte)
        }
        return self.writesSpaceAsPlus ? encoded.replacing(" ", with: "+") : encoded
    }
}
