// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import SMSKit

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A message with valid parameters, before it is billed and accepted.
struct ValidatedMessage: Sendable {
    /// The parameters that apply to all messages of a request.
    struct Options: Sendable {
        var type: String?
        var taskID: String?
        /// The validity period in seconds.
        var validityPeriod: Int?
    }

    var action: String
    var to: PhoneNumber
    var from: String?
    var text: String
    var options: Options
    var template: InboxMessage.Template?

    /// The number of billed segments.
    ///
    /// In mainland China, a single segment has at most 70 UTF-16 units, and each segment of a longer text has at most 67.
    var segments: Int {
        guard self.to.isMainlandChina else { return SMSSegmentCount(of: self.text).segments }
        let length = self.text.utf16.count
        return length <= 70 ? 1 : (length + 66) / 67
    }

    /// Returns the verification code of the message.
    ///
    /// The template variable `code` takes precedence over a code in the text.
    func code(_ codes: CodeCache) -> CodeExtractor.Code? {
        if let value = self.template?.parameters["code"] { return .init(text: value, rule: .templateVariable) }
        return codes.code(in: self.text)
    }

    /// Returns the message as the inbox stores it.
    func inboxMessage(
        id: String,
        requestID: String,
        costMicros: Int,
        code: CodeExtractor.Code?,
        at now: Date
    ) -> InboxMessage {
        let encoding = self.to.isMainlandChina ? .ucs2 : SMSSegmentCount(of: self.text).encoding
        return InboxMessage(
            messageID: id,
            requestID: requestID,
            to: self.to.e164,
            from: self.from,
            text: self.text,
            type: self.options.type,
            taskID: self.options.taskID,
            validityPeriod: self.options.validityPeriod,
            receivedAt: now,
            encoding: encoding == .gsm7 ? "gsm7" : "ucs2",
            segments: self.segments,
            code: code?.text,
            codeRule: code?.rule,
            action: self.action,
            template: self.template,
            costMicros: costMicros
        )
    }
}
