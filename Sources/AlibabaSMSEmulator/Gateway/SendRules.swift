import AlibabaSMS
import FoundationEssentials
import SMS

/// What the service checks of a message, and what it makes of one that it takes.
struct SendRules: Sendable {
    static let maximumTextLength = 2000
    static let types = ["OTP", "NOTIFY", "MKT", "GENERAL"]

    /// Takes a message, or refuses it with a code.
    func message(from call: GatewayCall, requestID: String, at now: Date) throws(BusinessFault) -> InboxMessage {
        let to = try self.recipient(call.parameter("To") ?? "")
        let text = call.parameter("Message") ?? ""
        guard !text.allSatisfy(\.isWhitespace) else { throw BusinessFault("INVALID_PARAMETERS", "Message is empty.") }
        guard text.utf16.count <= Self.maximumTextLength else {
            throw BusinessFault("CONTENT_EXCEED_LIMIT", "Message is too long.")
        }
        let from = call.parameter("From")
        if let from, !SenderID.isValid(from) {
            throw BusinessFault("INVALID_SENDERID", "The sender ID is invalid or not approved.")
        }
        let type = call.parameter("Type")
        if let type, !Self.types.contains(type) { throw BusinessFault("INVALID_PARAMETERS", "Type is not known.") }
        let taskID = call.parameter("TaskId")
        if let taskID, !(1...255).contains(taskID.utf16.count) {
            throw BusinessFault("INVALID_PARAMETERS", "TaskId must have 1 to 255 characters.")
        }
        let count = SMSSegmentCount(of: text)
        let code = CodeExtractor.code(in: text)
        return InboxMessage(
            messageID: Self.messageID(),
            requestID: requestID,
            to: to.e164,
            from: from,
            text: text,
            type: type,
            taskID: taskID,
            validityPeriod: try self.validityPeriod(call.parameter("ValidityPeriod")),
            receivedAt: now,
            encoding: count.encoding == .gsm7 ? "gsm7" : "ucs2",
            segments: count.segments,
            code: code?.text,
            codeRule: code?.rule
        )
    }

    private func recipient(_ text: String) throws(BusinessFault) -> PhoneNumber {
        guard let number = PhoneNumber(e164: "+\(text)") else {
            throw BusinessFault("MOBILE_NUMBER_ILLEGAL", "The mobile number is illegal.")
        }
        guard !number.isMainlandChina else {
            throw BusinessFault("NOT_SUPPORTED_COUNTRY", "Mainland China is not served by this action.")
        }
        return number
    }

    private func validityPeriod(_ text: String?) throws(BusinessFault) -> Int? {
        guard let text else { return nil }
        guard let seconds = Int(text), seconds >= 1 else {
            throw BusinessFault("INVALID_PARAMETERS", "ValidityPeriod must be a positive number of seconds.")
        }
        return seconds
    }

    private static func messageID() -> String {
        "\(Int64.random(in: 100_000_000_000_000_000...999_999_999_999_999_999))"
    }
}
