// SPDX-License-Identifier: Apache-2.0

import SMSKit
import Testing

@Suite struct SMSSegmentCountTests {
    static let basicAlphabet =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
        + "abcdefghijklmnopqrstuvwxyzäöñüà"

    static func times(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    @Test func basicAlphabetHas127CharactersOfOneUnit() {
        let scalars = Array(Self.basicAlphabet.unicodeScalars)
        #expect(scalars.count == 127)
        for scalar in scalars {
            let count = SMSSegmentCount(of: String(scalar))
            #expect(
                count.encoding == .gsm7 && count.units == 1 && count.segments == 1,
                "\(scalar.escaped(asASCII: true))"
            )
        }
    }

    @Test(arguments: ["|", "^", "€", "{", "}", "[", "]", "~", "\\", "\u{0C}"])
    func extensionCharactersTakeTwoUnits(character: String) {
        let count = SMSSegmentCount(of: character)
        #expect(count.encoding == .gsm7)
        #expect(count.units == 2)
    }

    @Test(arguments: ["`", "ç", "“", "’", "，", "验", "\t", "\u{7F}", "\u{A0}", "\u{0}", "\u{1B}", "á", "e\u{301}", "Ё"])
    func oneForeignCharacterTurnsTheWholeTextToUCS2(character: String) {
        let count = SMSSegmentCount(of: Self.times("a", 70) + character)
        #expect(count.encoding == .ucs2)
        #expect(count.segments == 2)
    }

    @Test func exactlyTheAlphabetIsGSM7() {
        let alphabet = Set((Self.basicAlphabet + "|^€{}[]~\\\u{0C}").unicodeScalars)
        for value in UInt32(0)...0x2FFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            #expect((SMSSegmentCount(of: String(scalar)).encoding == .gsm7) == alphabet.contains(scalar), "U+\(value)")
        }
    }

    @Test(arguments: [
        ("", SMSSegmentCount.Encoding.gsm7, 0, 1),
        (Self.times("a", 160), .gsm7, 160, 1),
        (Self.times("a", 161), .gsm7, 161, 2),
        (Self.times("a", 306), .gsm7, 306, 2),
        (Self.times("a", 307), .gsm7, 307, 3),
        (Self.times("a", 350), .gsm7, 350, 3),
        (Self.times("€", 80), .gsm7, 160, 1),
        (Self.times("€", 80) + "a", .gsm7, 161, 2),
        // A segment of 153 units has space for 76 escape pairs, because the last unit cannot contain half a pair.
        (Self.times("€", 153), .gsm7, 306, 3),
        (Self.times("€", 152), .gsm7, 304, 2),
        (Self.times("a", 152) + "[" + Self.times("a", 151), .gsm7, 305, 2),
        (Self.times("a", 152) + "[" + Self.times("a", 152), .gsm7, 306, 3),
        (Self.times("a", 151) + "[" + Self.times("a", 153), .gsm7, 306, 2),
        (Self.times("a", 159) + "[", .gsm7, 161, 2),
        (Self.times("a", 158) + "[", .gsm7, 160, 1),
        (Self.times("\r\n", 80), .gsm7, 160, 1),
        (Self.times("验", 70), .ucs2, 70, 1),
        (Self.times("验", 71), .ucs2, 71, 2),
        (Self.times("验", 134), .ucs2, 134, 2),
        (Self.times("验", 135), .ucs2, 135, 3),
        (Self.times("验", 160), .ucs2, 160, 3),
        (Self.times("😀", 35), .ucs2, 70, 1),
        (Self.times("😀", 36), .ucs2, 72, 2),
        (Self.times("😀", 66), .ucs2, 132, 2),
        // A segment of 67 units has space for 33 emoji, because 67 is odd.
        (Self.times("😀", 67), .ucs2, 134, 3),
        (Self.times("验", 66) + "😀" + Self.times("验", 65), .ucs2, 133, 2),
        (Self.times("验", 66) + "😀" + Self.times("验", 66), .ucs2, 134, 3),
        (Self.times("验", 65) + "😀" + Self.times("验", 67), .ucs2, 134, 2),
    ])
    func vectors(text: String, encoding: SMSSegmentCount.Encoding, units: Int, segments: Int) {
        let count = SMSSegmentCount(of: text)
        #expect(count.encoding == encoding)
        #expect(count.units == units)
        #expect(count.segments == segments)
    }

    @Test(arguments: [
        // An escape pair is not split, so 76 pairs use 152 of the 153 units in a segment.
        (Self.times("]", 305), 5, 151),
        (Self.times("]", 153), 3, 151),
        (Self.times("a", 152) + "[" + Self.times("a", 152), 3, 152),
        (Self.times("€", 152), 2, 1),
        (Self.times("{", 76) + "a" + Self.times("{", 76), 2, 1),
        (Self.times("a", 151) + "[" + Self.times("a", 153), 2, 0),
        (Self.times("a", 152) + "~" + Self.times("a", 151), 2, 0),
        (Self.times("a", 152) + "\\" + Self.times("a", 10), 2, 141),
        (Self.times("^", 80), 1, 0),
        (Self.times("^", 80) + "a", 2, 144),
        // A surrogate pair is not split, so 33 emoji use 66 of the 67 units in a segment.
        (Self.times("😀", 67), 3, 65),
        (Self.times("😀", 66), 2, 1),
        (Self.times("验", 66) + "😀" + Self.times("验", 66), 3, 66),
        (Self.times("验", 66) + "😀" + Self.times("验", 65), 2, 0),
        (Self.times("验", 67) + Self.times("😀", 33) + "验", 2, 0),
        (Self.times("😀", 35), 1, 0),
        ("", 1, 160), (Self.times("a", 160), 1, 0), (Self.times("a", 161), 2, 145), (Self.times("验", 71), 2, 63),
    ])
    func unitsLeftInTheLastSegmentAreCounted(text: String, segments: Int, left: Int) {
        let count = SMSSegmentCount(of: text)
        #expect(count.segments == segments)
        #expect(count.unitsLeft == left)
    }

    /// Appends characters until the last segment is full.
    ///
    /// For a character with one unit, the number of added characters is the number of free units. For a character with two
    /// units, it is half as large.
    @Test(arguments: ["a", "]", "验", "😀"], 0..<80)
    func unitsLeftCanBeFilledWithoutAnotherSegment(character: String, size: Int) {
        let encoded = character == "a" || character == "]" ? "a" : "验"
        for text in [Self.times(character, size * 5), Self.times(encoded, size * 3) + Self.times(character, size)] {
            let count = SMSSegmentCount(of: text + encoded)
            #expect(
                SMSSegmentCount(of: text + encoded + Self.times(encoded, count.unitsLeft)).segments == count.segments
            )
            let more = SMSSegmentCount(of: text + encoded + Self.times(encoded, count.unitsLeft + 1))
            #expect(more.segments == count.segments + 1)
        }
    }
}
