import AlibabaSMS
import FoundationEssentials
import SMSKit

/// A message that the service was asked to send, checked, and not yet taken.
struct ValidatedMessage: Sendable {
    /// What a request says of all of its messages.
    struct Options: Sendable {
        var type: String?
        var taskID: String?
        /// In seconds.
        var validityPeriod: Int?
    }

    var action: String
    var to: PhoneNumber
    var from: String?
    var text: String
    var options: Options
    var template: InboxMessage.Template?

    /// The number of billed segments; mainland China counts every character as one.
    var segments: Int {
        guard self.to.isMainlandChina else { return SMSSegmentCount(of: self.text).segments }
        let length = self.text.utf16.count
        return length <= 70 ? 1 : (length + 66) / 67
    }

    /// The code of the message: the variable `code` of its template, or else the code in its text.
    func code(_ codes: CodeCache) -> CodeExtractor.Code? {
        if let value = self.template?.parameters["code"] { return .init(text: value, rule: .templateVariable) }
        return codes.code(in: self.text)
    }

    /// The message as the inbox shows it.
    func message(
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
