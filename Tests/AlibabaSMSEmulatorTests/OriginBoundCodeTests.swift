// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AlibabaSMSEmulator

@Suite struct OriginBoundCodeTests {
    @Test(
        arguments: [
            ("@example.com #747723", "example.com", "747723", nil),
            ("747723 is your code.\n\n@example.com #747723", "example.com", "747723", nil),
            ("a\r\n@example.com #1", "example.com", "1", nil),
            ("a\r@example.com #1", "example.com", "1", nil),
            ("@example.com #747723 @ecommerce.example", "example.com", "747723", "ecommerce.example"),
            // The text after the last field is ignored.
            ("@example.com #747723 @ecommerce.example $future", "example.com", "747723", "ecommerce.example"),
            ("@example.com #747723 %ecommerce.example", "example.com", "747723", nil),
            ("@example.com #747723  @two.blanks", "example.com", "747723", nil),
            ("@example.com #747723\tmore", "example.com", "747723", nil),
            ("@example.com #747723 ", "example.com", "747723", nil),
            ("@example.com #747723\u{0C}x", "example.com", "747723", nil),
            // A token ends at ASCII white space.
            ("@example.com #K4-T9.XZ", "example.com", "K4-T9.XZ", nil),
            ("@example.com #12#34", "example.com", "12#34", nil),
            ("@example.com ##", "example.com", "#", nil),
            ("@@ #1", "@", "1", nil),
            ("@пример.рф #код", "пример.рф", "код", nil),
            ("@example.com:8443 #9", "example.com:8443", "9", nil),
            ("@example.com #12\u{A0}34", "example.com", "12\u{A0}34", nil),
            ("@example.com #1\u{2028}2", "example.com", "1\u{2028}2", nil),
            ("@example.com #1\u{85}2", "example.com", "1\u{85}2", nil),
            ("@example.com #1\u{0B}2", "example.com", "1\u{0B}2", nil),
            ("@example.com #😀", "example.com", "😀", nil),
            ("@\u{301}a #1\u{301}", "\u{301}a", "1\u{301}", nil),
        ] as [(String, String, String, String?)]
    )
    func originBoundLastLineIsParsed(message: String, host: String, code: String, embedded: String?) {
        let bound = OriginBoundCode(message)
        #expect(bound?.host == host)
        #expect(bound?.code == code)
        #expect(bound?.embeddedHost == embedded)
    }

    @Test(arguments: [
        "", "@", "@example.com", "@example.com ", "@example.com #", "@ #123456", "@example.com  #747723",
        "@example.com\t#747723", "@example.com code #747723", "something @example.com #747723",
        " @example.com #747723", "#747723 @example.com", "example.com #747723", "@example.com 747723",
        "@example.com #\t1",
        // If the text ends with a line break, its last line is empty.
        "@example.com #747723\n", "@example.com #747723\r\n", "@example.com #747723\nDo not share it.",
        "@example.com\u{A0}#747723", "\u{FEFF}@example.com #1", "@example.com \u{301}#1", "@example.com@#1",
        // Other Unicode line separators do not end a line.
        "Sign in\u{2028}@example.com #1", "Sign in\u{85}@example.com #1",
    ])
    func otherLastLinesAreNotOriginBound(message: String) {
        #expect(OriginBoundCode(message) == nil)
    }
}
