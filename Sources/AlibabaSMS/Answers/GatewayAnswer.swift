import FoundationEssentials
import SMS

/// An HTTP answer, and what it says of the request.
///
/// The HTTP status never means success: the code in the body decides, and what cannot be read is unknown.
struct GatewayAnswer: Sendable {
    /// What became of the request, and what may be done next.
    enum Verdict: Sendable {
        case accepted
        case refused(SMSError, CodeTable.Treatment)
        case unknown(SMSError)
    }

    var status: Int
    /// The value of `x-acs-retry-after`.
    var retryAfterHeader: String?
    var body: [UInt8]

    /// What the answer says.
    var verdict: Verdict {
        let envelope = try? JSONDecoder().decode(Envelope.self, from: Data(self.body))
        let requestID = SafeText.requestID(envelope?.requestID)
        switch self.status {
        case 200:
            guard let code = envelope?.responseCode else {
                return .unknown(.unreadableAnswer(status: self.status, requestID: requestID))
            }
            return code == "OK" ? .accepted : self.verdict(on: code, requestID: requestID)
        case 400..<600:
            // A proxy that lost the gateway's answer says 408 or 5xx too, so these refuse only if the code is clear.
            let mayRefuse = self.status < 500 && self.status != 408
            if let code = envelope?.code, mayRefuse || code.hasPrefix("Throttling") {
                return self.verdict(on: code, requestID: requestID)
            }
            if envelope?.statesCode != true, [429, 503].contains(self.status), self.retryAfter != nil {
                return self.verdict(on: "Throttling", requestID: requestID)
            }
            return .unknown(.unreadableAnswer(status: self.status, requestID: requestID))
        default:
            return .unknown(.unreadableAnswer(status: self.status, requestID: requestID))
        }
    }

    /// The body as the answer of an action.
    func decode<Answer: Decodable>(_ type: Answer.Type) -> Answer? {
        try? JSONDecoder().decode(type, from: Data(self.body))
    }

    /// How long the gateway asks to wait: a positive number of milliseconds, or nothing.
    var retryAfter: Duration? {
        guard let text = self.retryAfterHeader, let milliseconds = Int64(text), milliseconds > 0 else { return nil }
        return .milliseconds(min(milliseconds, 86_400_000))
    }

    private func verdict(on rawCode: String, requestID: String?) -> Verdict {
        // What is not shaped as a code, or is an odd spelling of OK, refuses nothing for certain.
        guard let code = SafeText.wellFormedCode(rawCode), code.lowercased() != "ok" else {
            return .unknown(.unreadableAnswer(status: self.status, requestID: requestID))
        }
        let entry = CodeTable.entry(for: code, isFault: rawCode.hasPrefix("isp."))
        let error = SMSError(
            code: code,
            class: entry.errorClass,
            message: entry.errorClass.sentence,
            retryAfter: entry.treatment == .retryLater ? self.retryAfter : nil,
            requestID: requestID
        )
        return entry.treatment == .uncertain ? .unknown(error) : .refused(error, entry.treatment)
    }

    /// The codes of either layer; the gateway also writes its own in lower case.
    private struct Envelope: Decodable {
        var responseCode: String?
        var code: String?
        var requestID: String?
        /// Whether there is a code at all, readable or not.
        var statesCode: Bool

        private enum CodingKeys: String, CodingKey {
            case responseCode = "ResponseCode"
            case code = "Code"
            case lowerCaseCode = "code"
            case requestID = "RequestId"
            case lowerCaseRequestID = "requestId"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.responseCode = container.text(.responseCode)
            self.code = container.text(.code) ?? container.text(.lowerCaseCode)
            self.statesCode = [.responseCode, .code, .lowerCaseCode].contains { container.contains($0) }
            self.requestID = container.text(.requestID) ?? container.text(.lowerCaseRequestID)
        }
    }
}

extension SMSError {
    static func unreadableAnswer(status: Int, requestID: String?) -> SMSError {
        SMSError(
            code: status == 200 ? "unreadableAnswer" : "http\(status)",
            class: .transient,
            message: "The answer of the gateway (HTTP \(status)) does not tell what became of the message.",
            requestID: requestID
        )
    }
}

extension SMSError.Class {
    /// A sentence of our own: the gateway's words may quote the request.
    var sentence: String {
        switch self {
        case .caller: "The gateway found the request wrong."
        case .auth: "The gateway refused the credential, its signature or its rights."
        case .balance: "The account has no balance left."
        case .content: "The gateway does not allow the text, the sender or the template."
        case .number: "The gateway does not serve the number."
        case .throttled: "The gateway asks to send more slowly."
        case .limit: "A limit of the account or the number is used up."
        case .account: "The account is suspended, restricted or not activated."
        case .transient: "The gateway reports a temporary fault."
        case .unknown: "The gateway refused with a code that is not known here."
        }
    }
}
