// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// The parsed header `traceparent` of a request (W3C Trace Context, level 1).
struct TraceParent: Sendable, Hashable {
    /// The name of the header.
    // Not `nil`, because the text is a valid name.
    static let header = HTTPField.Name("traceparent")!

    /// The identifier of the whole trace, with 32 hexadecimal digits in lower case.
    let traceID: String

    /// The identifier of the caller's span, with 16 hexadecimal digits in lower case.
    let spanID: String

    /// Parses the value of the header; returns `nil` if the value is malformed.
    ///
    /// Versions later than 00 may add fields, which are ignored. Both IDs are checked, so a client cannot write other text to a
    /// log.
    ///
    /// - Parameter text: A value such as `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`.
    init?(_ text: String) {
        guard text.utf8.count <= 256 else { return nil }
        let fields = text.split(separator: "-", omittingEmptySubsequences: false)
        guard fields.count >= 4, Self.isHex(fields[0], 2), fields[0] != "ff", fields[0] != "00" || fields.count == 4,
            Self.isHex(fields[1], 32), fields[1].contains(where: { $0 != "0" }),
            Self.isHex(fields[2], 16), fields[2].contains(where: { $0 != "0" }), Self.isHex(fields[3], 2)
        else { return nil }
        self.traceID = String(fields[1])
        self.spanID = String(fields[2])
    }

    private static func isHex(_ text: Substring, _ length: Int) -> Bool {
        text.utf8.count == length
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}
