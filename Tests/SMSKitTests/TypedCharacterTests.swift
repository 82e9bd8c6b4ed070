// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SMSKit

@Suite struct TypedCharacterTests {
    @Test(arguments: [
        ("+81 90ー1234ー5678", "+819012345678"), ("+81 90ｰ1234ｰ5678", "+819012345678"),
        ("+81 90〜1234〜5678", "+819012345678"), ("+81 90−1234−5678", "+819012345678"),
        ("+81\u{2043}90\u{02D7}1234\u{2796}5678", "+819012345678"), ("+81 90─1234━5678", "+819012345678"),
        ("+81 90\u{30A0}1234\u{FE58}5678", "+819012345678"), ("+49 4312 / 777 777", "+494312777777"),
        ("+32 470/12.34.56", "+32470123456"), ("+43 (0)512／123456", "+43512123456"),
        ("+41 44/668 18 00", "+41446681800"),
        ("+386 40/123-456", "+38640123456"), ("+1 201/555-0123", "+12015550123"), ("+49 33203/12345", "+493320312345"),
        ("+49/30/123456", "+4930123456"), ("+43/664 1234567", "+436641234567"), ("+65/91234567", "+6591234567"),
        ("+43/1/5123456", "+4315123456"), ("+43 / (0)512 / 123456", "+43512123456"),
        ("+381/63/123-456", "+38163123456"),
        ("+381／11／1234567", "+381111234567"), ("+32/470/12.34.56", "+32470123456"), ("+247/40123", "+24740123"),
    ])
    func dashesAndSlashesBetweenGroupsAreRead(text: String, e164: String) throws {
        #expect(try PhoneNumber(text).e164 == e164)
    }

    @Test func slashFollowsACallingCodeAfterTheInternationalPrefix() throws {
        let germany = try #require(Region("DE"))
        for (text, e164) in [
            ("0049/30/123456", "+4930123456"), ("00 43/664 1234567", "+436641234567"), ("030/123456", "+4930123456"),
        ] {
            #expect(try PhoneNumber(text, defaultRegion: germany).e164 == e164)
        }
        for text in ["00/49/30/123456", "00/4930123456", "0/30/123456", "49/30/123456", "0049/30/123456/"] {
            #expect(throws: PhoneNumberError.self, "\(text)") { try PhoneNumber(text, defaultRegion: germany) }
        }
    }

    @Test(arguments: [
        "+212522123470/74", "+49 30 123456/57", "+49 30 123456/5789", "+49 89 1234567/890", "+49 30/57",
        "+8613800138000/13900139000", "+24740123/40124",
        "+4989123456/123457", "/+6591234567", "+6591234567/", "+32 470/12/34/56", "+32 470/123/456", "+/6591234567",
        "+6591234567//", "+49//30123456", "+49/30//123456", "+49/30/12/3456", "/+49/30/123456", "+4/9/30123456",
        "+4312345678/9", "+43/12345678/9", "+49/30123456/57", "+49/30 123456/123457", "+65/91234567/98765432",
        "+212/522123470/74", "+65/91234567/", "+49/30/", "+49/30/57",
        // The numbers have a possible length, but no known kind.
        "+421/0/12345678", "+852/40000000", "+1/555/5550123", "+353 850123456/850123457",
    ])
    func slashBetweenTwoNumbersIsRefused(text: String) {
        let error = #expect(throws: PhoneNumberError.self) { try PhoneNumber(text) }
        #expect([.severalNumbers, .invalidCharacter].contains(error?.code), "\(text): \(String(describing: error))")
    }

    /// All characters that are invisible because of a Unicode property or a missing glyph.
    static let invisible: [Unicode.Scalar] =
        (0...0x10FFFF).compactMap { Unicode.Scalar($0 as UInt32) }.filter { $0.properties.isDefaultIgnorableCodePoint }
        + ["\u{2800}", "\u{1D159}", "\u{FFF9}", "\u{FFFA}", "\u{FFFB}"]

    @Test func invisibleCharactersAreDropped() throws {
        #expect(Self.invisible.count > 4_000)
        for named: Unicode.Scalar in [
            "\u{3164}", "\u{FFA0}", "\u{115F}", "\u{17B4}", "\u{180E}", "\u{FE0F}", "\u{E0020}",
        ] {
            #expect(Self.invisible.contains(named))
        }
        for scalar in Self.invisible {
            #expect(TypedCharacter(scalar) == .invisible)
            #expect(
                (try? PhoneNumber("\(scalar)+659123\(scalar)4567\(scalar)"))?.e164 == "+6591234567",
                "\(scalar.value)"
            )
        }
    }

    @Test func everyDashOfUnicodeIsRead() {
        let dashes = (0...0x10FFFF).compactMap { Unicode.Scalar($0 as UInt32) }.filter { $0.properties.isDash }
        #expect(dashes.count >= 25)
        for dash in dashes { #expect((try? PhoneNumber("+65\(dash)9123\(dash)4567"))?.e164 == "+6591234567") }
    }

    @Test func decimalDigitsOfEveryScriptAreRead() {
        let zeros = (0...0x10FFFF).compactMap { Unicode.Scalar($0 as UInt32) }
            .filter { $0.properties.generalCategory == .decimalNumber && $0.properties.numericValue == 0 }
        #expect(zeros.count >= 60)
        for zero in zeros {
            for digit in 0...9 {
                let scalar = Unicode.Scalar(zero.value + UInt32(digit))
                #expect(scalar.map { TypedCharacter($0) } == .digit(UInt8(digit)))
            }
        }
    }

    @Test func lettersSymbolsAndControlCharactersAreNeither() {
        for scalar: Unicode.Scalar in ["a", "²", "①", "%", "\u{0}", "\u{1B}", "\u{301}", "㊀", "😀", "一", "~"] {
            #expect(TypedCharacter(scalar) == .other)
        }
        for scalar: Unicode.Scalar in ["\t", "\n", "\r", "\u{B}", "\u{85}", "\u{2028}", "\u{2029}"] {
            #expect(TypedCharacter(scalar) == .lineBreak)
        }
    }
}
