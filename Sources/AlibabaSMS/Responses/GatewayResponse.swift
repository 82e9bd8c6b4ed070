import FoundationEssentials
import SMSKit
import StrictJSON

/// An HTTP answer, and what it says of the request.
///
/// The HTTP status never means success: the code in the body decides, and what cannot be read is unknown.
struct GatewayResponse: Sendable {
    /// What became of the request, and what may be done next.
    enum Verdict: Sendable {
        case accepted(ResponseFields)
        case refused(AlibabaSMSError, GatewayErrorTable.Treatment, ResponseFields)
        case unknown(AlibabaSMSError, GatewayErrorTable.Treatment?)
    }

    var status: Int
    /// The value of `x-acs-retry-after`.
    var retryAfterHeader: String?
    /// The value of `date`.
    var dateHeader: String?
    let body: [UInt8]
    /// The body as JSON; `nil` if it is none.
    ///
    /// It is parsed with the answer, so that the deadline of the call covers the parser.
    let json: JSON?

    init(status: Int, retryAfterHeader: String? = nil, dateHeader: String? = nil, body: [UInt8]) {
        self.status = status
        self.retryAfterHeader = retryAfterHeader
        self.dateHeader = dateHeader
        self.body = body
        self.json = try? JSON(parsing: body, rules: .externalFormat)
    }

    /// What the answer says.
    var verdict: Verdict {
        let fields = self.json.flatMap(ResponseFields.init)
        let code = fields.flatMap(Self.code)
        switch self.status {
        case 200:
            guard let fields, let code = fields.values["ResponseCode"]?.text else { return self.unreadable(fields) }
            return code == "OK" ? .accepted(fields) : self.verdict(on: code, fields)
        case 400..<600:
            // A proxy that lost the gateway's answer says 408 or 5xx too, so these refuse only if the code is clear.
            let mayRefuse = self.status < 500 && self.status != 408
            if let fields, let code, mayRefuse || code.hasPrefix("Throttling") || self.isFault(code) {
                return self.verdict(on: code, fields)
            }
            let statesCode = ["ResponseCode", "Code", "code"].contains { fields?.values[$0] != nil }
            if !statesCode, [429, 503].contains(self.status), self.retryAfter != nil {
                return self.verdict(on: "Throttling", fields ?? ResponseFields([:]))
            }
            return self.unreadable(fields)
        default:
            return self.unreadable(fields)
        }
    }

    /// How long the gateway asks to wait: a positive number of milliseconds, or nothing.
    var retryAfter: Duration? {
        guard let text = self.retryAfterHeader, let milliseconds = Int64(text), milliseconds > 0 else { return nil }
        return .milliseconds(min(milliseconds, 86_400_000))
    }

    /// The gateway writes the names of its own fields in lower case as well.
    private static func code(_ fields: ResponseFields) -> String? {
        fields.values["Code"]?.text ?? fields.values["code"]?.text
    }

    /// Whether a code itself says that a refusal is not certain, so that the status adds nothing.
    private func isFault(_ code: String) -> Bool {
        [.uncertain, .likelyRefused].contains(GatewayErrorTable.entry(for: code).treatment)
    }

    private func verdict(on rawCode: String, _ fields: ResponseFields) -> Verdict {
        // What is not shaped as a code, or is an odd spelling of OK, refuses nothing for certain.
        guard let code = SafeText.wellFormedCode(rawCode), code.lowercased() != "ok" else {
            return self.unreadable(fields)
        }
        let entry = GatewayErrorTable.entry(for: code, isFault: rawCode.hasPrefix("isp."))
        var error = AlibabaSMSError(
            AlibabaSMSError.Code(rawValue: code),
            kind: entry.kind,
            message: entry.kind.sentence
        )
        if [.retryLater, .likelyRefused].contains(entry.treatment) { error.retryAfter = self.retryAfter }
        self.describe(&error, with: fields)
        switch entry.treatment {
        case .likelyRefused, .uncertain, .seenBefore: return .unknown(error, entry.treatment)
        default: return .refused(error, entry.treatment, fields)
        }
    }

    private func unreadable(_ fields: ResponseFields?) -> Verdict {
        var error = AlibabaSMSError.unreadableAnswer(status: self.status)
        if let fields { self.describe(&error, with: fields) }
        return .unknown(error, nil)
    }

    private func describe(_ error: inout AlibabaSMSError, with fields: ResponseFields) {
        var fields = fields
        error.httpStatus = self.status
        error.requestID = SafeText.requestID(fields.takeText("RequestId") ?? fields.takeText("requestId"))
        error.recommendation = fields.takeText("Recommend") ?? fields.takeText("recommend")
        error.gatewayMessage =
            fields.takeText("Message") ?? fields.takeText("message") ?? fields.takeText("ResponseDescription")
        let denied = fields.takeObject("AccessDeniedDetail") ?? fields.takeObject("accessDeniedDetail")
        error.accessDenied = denied.map(AccessDeniedDetail.init)
    }
}

extension AlibabaSMSError {
    static func unreadableAnswer(status: Int) -> AlibabaSMSError {
        var error = AlibabaSMSError(
            status == 200 ? .unreadableAnswer : Code(rawValue: "http\(status)"),
            kind: .transient,
            message: "The answer of the gateway (HTTP \(status)) does not tell what became of the request."
        )
        error.httpStatus = status
        return error
    }

    static func timeout(written: Bool) -> AlibabaSMSError {
        let message = written ? "The gateway did not answer in time." : "The time ran out before anything was sent."
        return AlibabaSMSError(.timeout, message: message)
    }

    static var noFreeConnection: AlibabaSMSError {
        let message = "All connections to the gateway were in use until the time ran out; nothing was sent."
        return AlibabaSMSError(.unreachable, message: message)
    }

    static var cancelled: AlibabaSMSError {
        AlibabaSMSError(.cancelled, message: "The task was cancelled before anything was sent.")
    }

    /// Errors of a provider are other people's: only our own are known to hold nothing secret.
    static func noCredential(_ error: any Error) -> AlibabaSMSError {
        guard let error = error as? AlibabaSMSError else {
            return AlibabaSMSError(.noCredential, message: "The credential provider failed; nothing was sent.")
        }
        return AlibabaSMSError(.noCredential, kind: error.kind, message: error.message)
    }

    static func rateLimited(_ wait: Duration) -> AlibabaSMSError {
        var error = AlibabaSMSError(
            .rateLimited,
            message: "The client's own limit does not let the request go before the deadline; nothing was sent."
        )
        error.retryAfter = wait
        return error
    }
}

extension SMSError.Kind {
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
        default: "The gateway refused with a code that is not known here."
        }
    }
}
