// SPDX-License-Identifier: Apache-2.0

import TextFormats

/// The encoding of names and values in a canonical query.
///
/// The default encoding is correct. Other encodings reproduce known mistakes of clients.
struct ParameterEncoding: Sendable, Hashable {
    /// Additional characters that are not encoded, besides letters, digits and `-_.~`.
    var unencodedCharacters = ""
    var writesSpaceAsPlus = false
    var encodesTilde = false
    var writesLowerCaseHex = false
    /// The number of times that the text is encoded; the correct number is 1.
    var rounds = 1

    func encode(_ text: String) -> String {
        (0..<self.rounds).reduce(text) { text, _ in self.encodeOnce(text) }
    }

    private func encodeOnce(_ text: String) -> String {
        let unencoded = Array(self.unencodedCharacters.utf8)
        let encoded = PercentEncoding.encode(text, uppercase: !self.writesLowerCaseHex) { byte in
            if byte == UInt8(ascii: " "), self.writesSpaceAsPlus { return true }
            if byte == UInt8(ascii: "~"), self.encodesTilde { return unencoded.contains(byte) }
            return PercentEncoding.isUnreserved(byte) || unencoded.contains(byte)
        }
        return self.writesSpaceAsPlus ? encoded.replacing(" ", with: "+") : encoded
    }
}
