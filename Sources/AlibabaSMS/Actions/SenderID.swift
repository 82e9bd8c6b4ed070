// SPDX-License-Identifier: Apache-2.0

import TextFormats

/// The gateway's requirements for sender IDs.
package enum SenderID {
    package static let rule =
        "must be letters and digits (spaces inside are allowed), at most 11 characters with a letter and 15 without"

    package static func isValid(_ text: String) -> Bool {
        guard text.utf8.allSatisfy({ $0.isASCIIAlphanumeric || $0 == UInt8(ascii: " ") }) else { return false }
        let hasLetter = text.utf8.contains(where: \.isASCIILetter)
        guard text.first != " ", text.last != " " else { return false }
        return (1...(hasLetter ? 11 : 15)).contains(text.utf8.count)
    }
}
