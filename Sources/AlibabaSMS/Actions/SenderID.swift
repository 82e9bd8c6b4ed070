// SPDX-License-Identifier: Apache-2.0

/// The gateway's requirements for sender IDs.
package enum SenderID {
    package static let rule =
        "must be letters and digits (spaces inside are allowed), at most 11 characters with a letter and 15 without"

    package static func isValid(_ text: String) -> Bool {
        var hasLetter = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
                hasLetter = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: " "):
                break
            default:
                return false
            }
        }
        guard text.first != " ", text.last != " " else { return false }
        return (1...(hasLetter ? 11 : 15)).contains(text.utf8.count)
    }
}
