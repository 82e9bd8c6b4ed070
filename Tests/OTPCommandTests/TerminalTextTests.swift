// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import Foundation
import Logging
import Testing

@testable import OTPCommand

/// Tests that external text cannot control the terminal or imitate a line of `otp`.
struct TerminalTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("a\tb", "a\\u{9}b"), ("\u{1B}[2J", "\\u{1B}[2J"), ("\u{9B}31m", "\\u{9B}31m"),
        ("\u{7F}", "\\u{7F}"), ("a\u{0}b", "a\\u{0}b"), ("x\u{8}\u{8}y", "x\\u{8}\\u{8}y"),
        ("\u{202E}654321", "\\u{202E}654321"), ("\u{2066}a\u{2069}", "\\u{2066}a\\u{2069}"),
        ("\u{200F}\u{061C}", "\\u{200F}\\u{61C}"), ("\u{FEFF}a", "\\u{FEFF}a"), ("\u{E0041}", "\\u{E0041}"),
        ("a\nb", "a ⏎ b"), ("a\r\nb", "a ⏎ b"), ("a\rb", "a ⏎ b"), ("a\u{2028}b\u{2029}c", "a ⏎ b ⏎ c"),
        ("a\u{85}b\u{B}c\u{C}d", "a ⏎ b ⏎ c ⏎ d"), ("a\r\n\r\nb", "a ⏎  ⏎ b"),
        ("Żabka ヤフー مرحبا हिन्दी 👨‍👩‍👧 می‌خواهم", "Żabka ヤフー مرحبا हिन्दी 👨‍👩‍👧 می‌خواهم"),
    ])
    func externalTextStaysOnItsLine(text: String, line: String) {
        #expect(text.inOneLine == line)
        #expect(!line.contains { $0.isNewline })
    }

    @Test func lineFeedsOfThisProgramAreKept() {
        #expect(TerminalText.escaped("a\nb\r\nc\u{1B}") == "a\nb\\u{D}\nc\\u{1B}")
    }

    @Test(arguments: ["\u{9B}2J", "\u{7F}", "a\u{202E}b", "\u{2028}", "\u{E0041}x", "\u{1B}", "plain é 中 😀"])
    func escapedJSONIsEquivalentAndInert(text: String) throws {
        let json = String(decoding: try JSONEncoder().encode([text]), as: UTF8.self)
        let escaped = TerminalText.escaped(json: json)
        #expect(try JSONDecoder().decode([String].self, from: Data(escaped.utf8)) == [text])
        #expect(TerminalText.escaped(escaped) == escaped)
    }

    @Test(arguments: ["\r\n", "\n", "\r", "\u{2028}", "\u{85}"])
    func messageCannotImitateARow(lineBreak: String) throws {
        let text = "Code 111111\(lineBreak)2  2026-01-01T00:00:00.000Z  +6591234567  Code 999999\u{1B}[1A"
        let message = try Self.message(text: text, from: "Ac\u{202E}me\(lineBreak)code      999999")
        #expect(message.line.split(whereSeparator: \.isNewline).count == 1)
        let rows = message.details.split(separator: "\n").filter { !$0.hasPrefix("  ") }
        #expect(rows.count == 5, "\(message.details)")
        #expect(rows.filter { $0.hasPrefix("code ") }.count == 1)
        for shown in [message.line, message.details] {
            #expect(TerminalText.escaped(shown) == shown)
            #expect(shown.contains("\\u{1B}[1A"))
        }
    }

    @Test func findingsAndErrorsStayOnOneLine() {
        let finding = Finding("redis", "7.0\nok    keys            all fine\u{1B}[8m", .fail, remedy: "a\rb")
        #expect(finding.line.split(whereSeparator: \.isNewline).count == 1)
        #expect(TerminalText.escaped(finding.line) == finding.line)
    }

    private static func message(text: String, from: String) throws -> InboxMessage {
        func quoted(_ text: String) throws -> String { String(decoding: try JSONEncoder().encode(text), as: UTF8.self) }
        let json = """
            {"id":1,"messageId":"m1","requestId":"r1","to":"+6591234567","from":\(try quoted(from)),
            "text":\(try quoted(text)),"receivedAt":0,"encoding":"gsm7","segments":1,"units":10,"unitsLeft":150,"namespace":"default",
            "action":"SendMessageToGlobe","costMicros":0,"status":"delivered","timeline":[]}
            """
        return try JSONDecoder().decode(InboxMessage.self, from: Data(json.utf8))
    }
}
