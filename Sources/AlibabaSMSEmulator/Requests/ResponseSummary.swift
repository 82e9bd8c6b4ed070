// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// The parts of a gateway response that a request record shows.
struct ResponseSummary: Sendable {
    let code: String?
    let reason: String?
    let messageIDs: [String]

    /// Parses the buffered bytes of a response body.
    ///
    /// If these bytes are not a complete JSON text, the summary is empty.
    init(_ body: [UInt8]) {
        let json = try? JSON(parsing: body, rules: .externalFormat)
        func text(_ name: String) -> String? { json?[name]?.string }
        self.code = text("Code") ?? text("ResponseCode")
        self.reason = text("Message") ?? text("ResponseDescription")
        let list = text("MessageIdList").flatMap { try? JSON(parsing: $0.utf8, rules: .externalFormat) }?.strings
        self.messageIDs = list ?? text("MessageId").map { [$0] } ?? []
    }
}
