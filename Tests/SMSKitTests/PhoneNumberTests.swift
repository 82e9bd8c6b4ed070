// SPDX-License-Identifier: Apache-2.0

import SMSKit
import Testing

@Suite struct PhoneNumberTests {
    static let spellings: [String] = [
        "+8613800138000", "+86 138 0013 8000", "+86-138-0013-8000", "+86.138.0013.8000", "+86 (138) 0013-8000",
        "(+86) 13800138000", "+ 86 13800138000", " +8613800138000 ", "+86\u{A0}138\u{A0}0013\u{A0}8000",
        "+86\u{202F}138\u{2009}0013\u{2007}8000", "+86\u{3000}13800138000", "＋８６１３８００１３８０００",
        "＋86 １３８ 0013 ８０００", "﹢8613800138000", "\u{202A}+8613800138000\u{202C}", "\u{200E}+8613800138000",
        "\u{200F}+8613800138000", "\u{2066}+86 138 0013 8000\u{2069}", "\u{FEFF}+8613800138000",
        "+86\u{200B}13800138000", "+86138\u{AD}00138000", "+86\u{2011}138\u{2010}0013\u{2013}8000",
        "+86\u{2212}13800138000", "+86\u{FF0D}138\u{FF0D}00138000", "+86（138）00138000", "+86\u{FF0E}13800138000",
        "+٨٦١٣٨٠٠١٣٨٠٠٠", "+८६१३८००१३८०००", "+𝟖𝟔𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎", "+86 (0) 138 0013 8000", "+86013800138000",
        "+8613800138000\n", "\t+8613800138000\r\n", "\r+8613800138000", "\u{2028}+8613800138000\u{85}",
        "\u{FEFF}\t+8613800138000",
    ]

    static let spellingsInChina: [String] = [
        "13800138000", "138 0013 8000", "138-0013-8000", "(138) 0013-8000", "１３８００１３８０００", "013800138000",
        "008613800138000", "00 86 138 0013 8000", "0086-138-0013-8000", "００８６１３８００１３８０００",
        "\u{202D}13800138000\u{202C}", "138.0013.8000",
    ]

    @Test func fortyEightSpellingsAreOneNumber() throws {
        let canonical = try #require(PhoneNumber(e164: "+8613800138000"))
        var seen: Set<PhoneNumber> = [canonical]
        for text in Self.spellings {
            let number = try PhoneNumber(text)
            #expect(number == canonical && number.e164 == "+8613800138000")
            seen.insert(number)
            #expect(try PhoneNumber(text, defaultRegion: .unitedStates) == canonical)
        }
        for text in Self.spellingsInChina {
            let number = try PhoneNumber(text, defaultRegion: .mainlandChina)
            #expect(number == canonical)
            seen.insert(number)
            #expect(throws: PhoneNumberError.self) { try PhoneNumber(text) }
        }
        #expect(seen.count == 1)
        #expect(Self.spellings.count + Self.spellingsInChina.count >= 40)
    }

    @Test(
        arguments: [
            ("+44 (0)7700 900123", nil, "+447700900123"), ("07700 900123", "GB", "+447700900123"),
            ("7700 900123", "GB", "+447700900123"), ("00447700900123", "GB", "+447700900123"),
            ("00447700900123", "FR", "+447700900123"), ("07781 123456", "GG", "+447781123456"),
            ("(202) 555-0123", "US", "+12025550123"), ("1-202-555-0123", "US", "+12025550123"),
            ("011 44 7700 900123", "US", "+447700900123"), ("011447700900123", "JM", "+447700900123"),
            ("876-555-0123", "JM", "+18765550123"), ("8 912 345-67-89", "RU", "+79123456789"),
            ("912 345-67-89", "RU", "+79123456789"), ("51234567", "HK", "+85251234567"),
            ("91234567", "SG", "+6591234567"),
            ("0912345678", "TW", "+886912345678"), ("06 12 34 56 78", "FR", "+33612345678"),
            ("0151 23456789", "DE", "+4915123456789"), ("090-1234-5678", "JP", "+819012345678"),
            ("9876543210", "IN", "+919876543210"), ("09876543210", "IN", "+919876543210"),
            ("+39 06 698 12345", nil, "+390669812345"), ("+39 347 1234567", nil, "+393471234567"),
            ("+52 1 222 123 4567", nil, "+522221234567"), ("+1 1 202 555 0123", nil, "+12025550123"),
            ("+1 (202) 555-0123", nil, "+12025550123"), ("+6591234567", nil, "+6591234567"),
            ("3471234567", "IT", "+393471234567"), ("06 698 12345", "VA", "+390669812345"),
            ("15123456789", "DE", "+4915123456789"), ("8 10 44 7700 900123", "RU", "+447700900123"),
            ("984-1234567", "NP", "+9779841234567"), ("+54 11 15 2345 6789", nil, "+5491123456789"),
            ("+54 011 15 2345 6789", nil, "+5491123456789"), ("+54 223 15 412 3456", nil, "+5492234123456"),
            ("+55 0 41 11 96123 4567", nil, "+5511961234567"), ("+7 8 912 345-67-89", nil, "+79123456789"),
            // These numbers have no area code, because it is implied inside their region.
            ("+378 886377", nil, "+3780549886377"), ("+261 24 123 45", nil, "+261202412345"),
            ("+672 22123", nil, "+672322123"),
        ] as [(String, String?, String)]
    )
    func spellingOfARegionIsRead(text: String, region: String?, canonical: String) throws {
        let number = try PhoneNumber(text, defaultRegion: region.flatMap { Region($0) })
        #expect(number.e164 == canonical)
    }

    @Test(
        arguments: [
            ("", nil, .empty), ("   ", nil, .empty), ("+", nil, .empty), ("()-", "CN", .empty),
            ("+8613800138000,+8613900139000", nil, .severalNumbers),
            ("+8613800138000;+8613900139000", nil, .severalNumbers),
            ("+8613800138000/13900139000", nil, .severalNumbers), ("+8613800138000，13900139000", nil, .severalNumbers),
            ("+8613800138000、1", nil, .severalNumbers), ("+8613800138000；1", nil, .severalNumbers),
            (",+8613800138000", nil, .severalNumbers), ("+8613800138000,", nil, .severalNumbers),
            ("+8613800138000;ext=12", nil, .extension), ("+8613800138000x12", nil, .extension),
            ("+8613800138000 X12", nil, .extension), ("+8613800138000 ext. 12", nil, .extension),
            ("+8613800138000#12", nil, .extension),
            ("+86138\r\n00138000", nil, .invalidCharacter), ("+86138\t00138000", nil, .invalidCharacter),
            ("+86138\u{0}00138000", nil, .invalidCharacter), ("+86138\u{2028}00138000", nil, .invalidCharacter),
            ("+86138\u{1B}[0m00138000", nil, .invalidCharacter), ("+8613800138O00", nil, .invalidCharacter),
            ("tel:+8613800138000", nil, .invalidCharacter), ("1-800-FLOWERS", "US", .invalidCharacter),
            ("+86138*00138000", nil, .invalidCharacter), ("++8613800138000", nil, .invalidCharacter),
            ("86+13800138000", nil, .invalidCharacter), ("+8613800138000+", nil, .invalidCharacter),
            ("+861380013800²", nil, .invalidCharacter), ("+861380013800①", nil, .invalidCharacter),
            ("+8613800138000\u{301}", nil, .invalidCharacter), ("[\"+8613800138000\"]", nil, .invalidCharacter),
            ("+86😀13800138000", nil, .invalidCharacter), ("+86%2013800138000", nil, .invalidCharacter),
            ("8613800138000", nil, .missingCallingCode), ("13800138000", nil, .missingCallingCode),
            ("008613800138000", nil, .missingCallingCode), ("0111234567890", nil, .missingCallingCode),
            ("8613800138000", "CN", .invalidNationalNumber),
            ("12800138000", "CN", .invalidNationalNumber), ("1380013800", "CN", .invalidNationalNumber),
            ("138001380001", "CN", .invalidNationalNumber), ("95588", "CN", .invalidNationalNumber),
            ("0011447700900123", "HK", .invalidNationalNumber), ("00447700900123", "US", .invalidNationalNumber),
            ("011447700900123", "GB", .invalidNationalNumber), ("447700900123", "GB", .invalidNationalNumber),
            ("4915123456789", "DE", .invalidNationalNumber), ("0102555012", "US", .invalidNationalNumber),
            ("10025550123", "CA", .invalidNationalNumber), ("+1234567", nil, .tooShort), ("+95588", nil, .tooShort),
            ("+110", nil, .tooShort),
            ("+4401234", nil, .tooShort), ("+44012345", nil, .tooShort), ("+4912345678901234", nil, .tooLong),
            ("+1202555012345", nil, .tooLong), ("+861380013800012", nil, .tooLong), ("+65912345678901", nil, .tooLong),
            ("+08613800138000", nil, .unknownCallingCode),
            ("+008613800138000", nil, .unknownCallingCode), ("+21012345678", nil, .unknownCallingCode),
            ("+99912345678", nil, .unknownCallingCode), ("+99112345678", nil, .unknownCallingCode),
            ("+38812345678", nil, .unknownCallingCode), ("+102025550123", nil, .tooLong),
            ("+5210221234567", nil, .tooLong),
            ("+44 0020 7946 0000", nil, .tooLong),
            (String(repeating: " ", count: 65), nil, .tooLong),
        ] as [(String, String?, PhoneNumberError.Code)]
    )
    func textIsRefused(text: String, region: String?, code: PhoneNumberError.Code) throws {
        let error = #expect(throws: PhoneNumberError.self) {
            try PhoneNumber(text, defaultRegion: region.flatMap { Region($0) })
        }
        #expect(error?.code == code, "\(text.unicodeScalars.map { $0.escaped(asASCII: true) }.joined())")
        #expect(PhoneNumber(e164: text) == nil)
        let shown = "\(error.map { "\($0)\(String(reflecting: $0))" } ?? "")"
        // The only numbers in the message are counts of digits.
        for word in shown.split(whereSeparator: { !$0.isNumber }) {
            #expect(Int(word).map { $0 <= 18 } == true, "\(shown)")
        }
    }

    @Test(arguments: ["+6834002", "+6902101", "+2908999"])
    func numbersOfFourDigitsAreReadWhereTheyExist(number: String) throws {
        #expect(try PhoneNumber(number).e164 == number)
        #expect(PhoneNumber(e164: number) != nil)
        #expect(PhoneNumber(e164: String(number.dropLast())) == nil)
    }

    @Test(arguments: [
        "8613800138000", "+86 13800138000", "＋8613800138000", "+８613800138000", "+86013800138000",
        "+5212221234567", "+086138001380", "+1234567", "+1234567890123456", "+99912345678", "", "+", "+8613800138000\n",
    ])
    func onlyTheCanonicalFormIsE164(text: String) {
        #expect(PhoneNumber(e164: text) == nil)
    }

    @Test func canonicalFormIsReadBackAsItself() throws {
        var random = SystemRandomNumberGenerator()
        var accepted = 0
        for _ in 0..<20_000 {
            let count = Int.random(in: 6...16, using: &random)
            let text = "+" + (0..<count).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
            guard let number = try? PhoneNumber(text) else {
                #expect(PhoneNumber(e164: text) == nil)
                continue
            }
            accepted += 1
            #expect(PhoneNumber(e164: number.e164) == number)
            #expect(try PhoneNumber(number.e164) == number)
        }
        #expect(accepted > 2_000)
    }

    /// Parsing a random text must not trap, and parsing the resulting E.164 form must return the same number.
    @Test func fuzzedTextIsReadOrRefused() {
        var random = SystemRandomNumberGenerator()
        let pieces: [String] = [
            "+", "00", "011", "/", "-", " ", "(0)", "ー", "\u{202D}", "\u{3164}", "\n", "٣", "９", "0", "1", "54", "15",
            "9", "44", "x",
            "81", "000", "2", "5", "8", "7", ".", "86", "39", "55", "31", "998", "😀", "\u{301}",
        ]
        let regions = [nil] + Region.all.map { Optional($0) }
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...24, using: &random)
            let text = (0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
            let region = regions[Int.random(in: 0..<regions.count, using: &random)]
            for text in [text, "+" + text] {
                guard let number = try? PhoneNumber(text, defaultRegion: region) else { continue }
                #expect(PhoneNumber(e164: number.e164) == number, "\(text)")
                #expect(number.e164.utf8.count <= 16)
            }
        }
    }
}
