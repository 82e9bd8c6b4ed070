// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTPTesting
import Testing

@testable import OTP

@Suite struct CodeFormatTests {
    @Test func rejectionSamplingDrawsAgainAtItsEdge() {
        // A million does not divide 2^64. Without rejection, the number 0 would make the code 000000 slightly more likely.
        var generator = ScriptedGenerator([0, .max])
        #expect(CodeFormat.digits(6).makeCode(using: &generator).text == "999999")
    }

    @Test func allZerosAndAllNinesOccur() {
        var low = ScriptedGenerator([1 << 32])
        #expect(CodeFormat.digits(6).makeCode(using: &low).text == "000000")
        var high = ScriptedGenerator([.max])
        #expect(CodeFormat.digits(6).makeCode(using: &high).text == "999999")
    }

    @Test(arguments: [CodeFormat.digits(6), .alphanumeric(6)])
    func everySymbolIsEquallyLikelyAtEveryPlace(format: CodeFormat) {
        var generator = SeededGenerator(seed: 42)
        let draws = 300_000
        var counts = Array(repeating: [UInt8: Int](), count: format.length)
        var previous: Double?
        var products = 0.0
        for _ in 0..<draws {
            let code = format.makeCode(using: &generator)
            code.withBytes { bytes in
                for (place, byte) in bytes.enumerated() { counts[place][byte, default: 0] += 1 }
            }
            let value = code.withBytes { Double($0[0]) - Double($0[$0.count - 1]) }
            if let previous { products += previous * value }
            previous = value
        }
        let symbols = Double(format.symbols.count)
        let expected = Double(draws) / symbols
        for count in counts {
            #expect(count.count == format.symbols.count)
            let chiSquare = count.values.reduce(0) { $0 + pow(Double($1) - expected, 2) / expected }
            // The numbers are the mean and the deviation of the chi-square distribution. A false alarm at five deviations is
            // less likely than one in a million.
            let freedom = symbols - 1
            #expect(abs(chiSquare - freedom) < 5 * (2 * freedom).squareRoot())
        }
        #expect(abs(products / Double(draws)) < 5 * 400 / Double(draws).squareRoot())
    }

    @Test func fuzzedInputIsNeverReadAsACodeOfAnotherForm() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<10_000 {
            let scalars = (0..<Int.random(in: 0...20, using: &random))
                .compactMap { _ in
                    Unicode.Scalar(
                        UInt32.random(in: 0...0x10FFFF, using: &random) >> UInt32.random(in: 0...20, using: &random)
                    )
                }
            let input = String(String.UnicodeScalarView(scalars))
            if let code = CodeFormat.digits(6).read(input) {
                #expect(code.withBytes { $0.count == 6 && $0.allSatisfy { (0x30...0x39).contains($0) } })
            }
        }
    }

    @Test(arguments: [
        "918273", " 918273\r\n", "918-273", "918 273", "\u{202D}918273\u{202C}", "\u{2068}918273\u{2069}",
        "\u{200E}918273\u{200F}", "\u{061C}918273", "٩١٨٢٧٣", "۹۱۸۲۷۳", "९१८२७३", "９１８２７３", "๙๑๘๒๗๓", "𝟗𝟏𝟖𝟐𝟕𝟑",
        "918ー273", "918\u{2212}273", "918\u{3164}273", "\u{FEFF}918\u{AD}273", "9\u{2800}18273",
        "\u{2066}918\u{FE0F}273",
        "9١8٢7٣", "918\u{30FC}273\t", "918\u{2028}273",
    ])
    func codeIsReadAsPeopleTypeAndPasteIt(text: String) {
        let code = CodeFormat.digits(6).read(text)
        #expect(code?.text == "918273", "\(text)")
    }

    @Test(arguments: ["k7m4qx", "Ｋ７Ｍ４ＱＸ", "ｋ7-m4q\u{200F}x", "K٧M٤QX", " k7m 4qx\n"])
    func codeWithLettersIsReadAsPeopleTypeAndPasteIt(text: String) {
        let code = CodeFormat.alphanumeric(6).read(text)
        #expect(code?.text == "K7M4QX", "\(text)")
    }

    @Test(arguments: [
        "", "91827", "9182734", "91827a", "918.273", "918/273", "(918273)", "91827²", "91827①", "918_273", "#918273",
        "91827\u{0}3", "918273\u{1B}", "九一八二七三", "91827三",
    ])
    func otherTextIsNoCode(text: String) {
        let isRead = CodeFormat.digits(6).read(text) != nil
        #expect(!isRead, "\(text)")
    }

    @Test func serviceDoesNotStartWithAPolicyOutOfRange() throws {
        let changes: [(inout OTPPolicy) -> Void] = [
            { $0.format = .digits(5) }, { $0.format = .digits(4) }, { $0.format = .digits(11) },
            { $0.format = .alphanumeric(5) }, { $0.format = .alphanumeric(9) }, { $0.strict20 = true },
            { $0.limits.lifetime = .seconds(601) }, { $0.limits.lifetime = .seconds(59) },
            { $0.limits.attemptsPerCode = 11 },
            { $0.limits.attemptsPerCode = 0 }, { $0.limits.attemptsPerChallenge = 21 },
            { $0.limits.attemptsPerChallenge = 4 }, { $0.limits.sendsPerChallenge = 6 }, { $0.limits.cooldown = [] },
            { $0.limits.cooldownReset = .seconds(599) },
            { $0.limits.lifetime = .seconds(300) + .microseconds(1) },
            { $0.limits.consecutiveFailures = 101 }, { $0.limits.failures = [] }, { $0.limits.sends = [] },
            { $0.limits.sends = [WindowLimit(0, per: .seconds(1))] }, { $0.destinations = [] }, { $0.kinds = [] },
            { $0.proofLifetime = .seconds(601) }, { $0.sendTimeout = .zero },
        ]
        for change in changes {
            #expect(throws: OTPConfigurationError.self) { try Fixture(policy: change) }
        }
        for change: (inout OTPPolicy) -> Void in [
            {
                $0.format = .digits(7); $0.strict20 = true
            },
            {
                $0.format = .alphanumeric(6); $0.strict20 = true
            },
            { $0.format = .digits(10) }, { $0.limits.lifetime = .seconds(600) }, { $0.limits.attemptsPerCode = 10 },
        ] { _ = try Fixture(policy: change) }
    }
}
