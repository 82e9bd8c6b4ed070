// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

/// Tests that numbers lose no digits.
@Suite struct NumberTests {
    @Test(
        "Integers are exact up to the limits of Int64",
        arguments: [
            ("0", 0), ("-0", 0), ("7", 7), ("-7", -7), ("9007199254740993", 9_007_199_254_740_993),
            ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
        ] as [(String, Int64)]
    )
    func integers(_ text: String, _ value: Int64) throws {
        #expect(try SyntaxTests.parse(text).int64 == value)
        #expect(try SyntaxTests.parse("[\(text)]").array?.first?.int64 == value)
    }

    @Test(
        "A number that Int64 does not hold is no integer, and keeps its text",
        arguments: [
            "9223372036854775808", "-9223372036854775809", "1.0", "1e2", "0.5", "123456789012345678901234567890",
        ]
    )
    func noIntegers(_ text: String) throws {
        let json = try SyntaxTests.parse(text)
        #expect(json.int64 == nil)
        guard case .number(let number) = json else {
            Issue.record("not a number")
            return
        }
        #expect(number.text == text)
        #expect(number.double == Double(text))
    }

    @Test(
        "Fractions and exponents are read",
        arguments: [("0.10", 0.1), ("-0.0", 0), ("6e23", 6e23), ("6E+2", 600), ("6e-2", 0.06), ("1.5e3", 1500)]
    )
    func doubles(_ text: String, _ value: Double) throws {
        #expect(try SyntaxTests.parse(text).double == value)
    }

    @Test("A number that is too large for a double has no double value")
    func tooLarge() throws {
        #expect(try SyntaxTests.parse("1e999").double == nil)
        #expect(try SyntaxTests.parse("-1e999").double == nil)
        #expect(try SyntaxTests.parse("1e-999").double == 0)
    }

    @Test(
        "Other notations are rejected",
        arguments: [
            ("01", .invalidNumber), ("-01", .invalidNumber), ("00", .invalidNumber), ("-", .unexpectedEnd),
            ("-a", .invalidNumber), ("+1", .unexpectedByte), (".5", .unexpectedByte), ("-.5", .invalidNumber),
            ("1.", .unexpectedEnd), ("[1.]", .invalidNumber), ("1.e5", .invalidNumber), ("1e", .unexpectedEnd),
            ("1e+", .unexpectedEnd), ("[1e]", .invalidNumber), ("1.5.2", .invalidNumber), ("1e5.2", .invalidNumber),
            ("0x10", .trailingContent), ("1_000", .trailingContent), ("1f", .trailingContent), ("--1", .invalidNumber),
            ("\u{FF11}", .unexpectedByte), ("1\u{FF11}", .trailingContent), ("1e1e1", .trailingContent),
        ] as [(String, JSONError.Code)]
    )
    func rejected(_ text: String, _ code: JSONError.Code) {
        #expect(SyntaxTests.fault(text.utf8)?.code == code)
    }

    @Test("A number has at most 1,024 characters")
    func longest() throws {
        #expect(try SyntaxTests.parse(String(repeating: "7", count: 1024)).double == nil)
        #expect(SyntaxTests.fault("[\(String(repeating: "7", count: 1025))]".utf8)?.code == .numberTooLong)
        #expect(SyntaxTests.fault("0.\(String(repeating: "1", count: 60_000))".utf8)?.code == .numberTooLong)
    }
}
