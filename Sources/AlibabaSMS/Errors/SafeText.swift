// SPDX-License-Identifier: Apache-2.0

import TextFormats

/// Filters for texts from a response, before they are displayed or logged.
///
/// Any field of a response may quote the phone number or the text of a message. Therefore only well-formed
/// gateway codes and identifiers pass the filters.
enum SafeText {
    /// Returns a gateway code without its prefix `isv.` or `isp.`, or `unreadableCode` if the gateway code is malformed.
    static func code(_ text: String) -> String { self.wellFormedCode(text) ?? "unreadableCode" }

    /// Returns a gateway code without its prefix `isv.` or `isp.`, or `nil` if the gateway code is malformed.
    static func wellFormedCode(_ text: String) -> String? {
        let code = ["isv.", "isp."].contains { text.hasPrefix($0) } ? text.dropFirst(4) : text[...]
        let isCode =
            (1...64).contains(code.utf8.count)
            && code.utf8.allSatisfy { $0.isASCIIAlphanumeric || "._-".utf8.contains($0) }
            && code.utf8.first?.isASCIILetter == true
            && !Self.hasDigitRun(code, of: 4)
        return isCode ? String(code) : nil
    }

    /// Returns the text if it is a UUID, and otherwise `nil`.
    static func requestID(_ text: String?) -> String? {
        guard let text else { return nil }
        let groups = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let isUUID =
            groups.map(\.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy { $0.hexDigitValue != nil } }
        return isUUID ? text : nil
    }

    /// Returns the text if it is a well-formed message ID, and otherwise `nil`.
    static func messageID(_ text: String?) -> String? {
        guard let text, (1...64).contains(text.utf8.count) else { return nil }
        let isID = text.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "-") }
        return isID ? text : nil
    }

    private static func hasDigitRun(_ text: Substring, of length: Int) -> Bool {
        var run = 0
        for byte in text.utf8 {
            run = byte.isASCIIDigit ? run + 1 : 0
            if run == length { return true }
        }
        return false
    }
}
