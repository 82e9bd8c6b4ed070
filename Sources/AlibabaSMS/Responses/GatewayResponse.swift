// SPDX-License-Identifier: Apache-2.0

import SMSKit
import StrictJSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An HTTP response from the gateway, which determines the outcome of the request.
///
/// The HTTP status alone never means success: the response code in the body must be `OK`. If the response is not readable, the
/// outcome of the request is unknown.
struct GatewayResponse: Sendable {
    /// The outcome of a request.
    ///
    /// A ``GatewayErrorTable/Treatment`` states whether a retry may succeed after the error.
    enum Verdict: Sendable {
        case accepted(ResponseFields)
        case rejected(AlibabaSMSError, GatewayErrorTable.Treatment, ResponseFields)
        case unknown(AlibabaSMSError, GatewayErrorTable.Treatment?)
    }

    var status: Int
    /// The value of the header `x-acs-retry-after`.
    var retryAfterHeader: String?
    /// The value of the header `date`.
    var dateHeader: String?
    let body: [UInt8]
    /// The body as JSON; `nil` if the body is not JSON.
    ///
    /// The body is parsed at initialization, so the deadline of the call includes the parsing.
    let json: JSON?

    init(status: Int, retryAfterHeader: String? = nil, dateHeader: String? = nil, body: [UInt8]) {
        self.status = status
        self.retryAfterHeader = retryAfterHeader
        self.dateHeader = dateHeader
        self.body = body
        self.json = try? JSON(parsing: body, rules: .externalFormat)
    }

    /// The outcome of the request.
    var verdict: Verdict {
        let fields = self.json.flatMap(ResponseFields.init)
        let code = fields.flatMap(Self.code)
        switch self.status {
        case 200:
            guard let fields, let code = fields.values["ResponseCode"]?.text else { return self.unreadable(fields) }
            return code == "OK" ? .accepted(fields) : self.verdict(on: code, fields)
        case 400..<600:
            // A proxy that loses the gateway's response also sends 408 or a 5xx status. With such a status, only throttling
            // codes are certain rejections, and fault codes mean an unknown outcome.
            let mayReject = self.status < 500 && self.status != 408
            if let fields, let code, mayReject || Self.isKnownWithEveryStatus(code) {
                return self.verdict(on: code, fields)
            }
            let hasCode = ["ResponseCode", "Code", "code"].contains { fields?.values[$0] != nil }
            if !hasCode, [429, 503].contains(self.status), self.retryAfter != nil {
                return self.verdict(on: "Throttling", fields ?? ResponseFields([:]))
            }
            return self.unreadable(fields)
        default:
            return self.unreadable(fields)
        }
    }

    /// The wait that the gateway requests, at most one day.
    ///
    /// The value is `nil` if the header `x-acs-retry-after` is absent, or is not a positive number of milliseconds.
    var retryAfter: Duration? {
        guard let text = self.retryAfterHeader, let milliseconds = Int64(text), milliseconds > 0 else { return nil }
        return .milliseconds(min(milliseconds, 86_400_000))
    }

    /// Returns the error code from the fields of a response.
    ///
    /// The gateway sometimes spells field names in lower case.
    private static func code(_ fields: ResponseFields) -> String? {
        fields.values["Code"]?.text ?? fields.values["code"]?.text
    }

    /// Returns whether an error code determines the outcome even with the status 408 or 5xx.
    ///
    /// A proxy that loses the gateway's response also sends the status 408 or 5xx. With such a status, most error codes
    /// therefore do not prove a rejection.
    private static func isKnownWithEveryStatus(_ rawCode: String) -> Bool {
        guard let (code, entry) = self.entry(for: rawCode) else { return false }
        return code.hasPrefix("Throttling") || [.uncertain, .likelyRejected].contains(entry.treatment)
    }

    /// Returns an error code without its prefix `isv.` or `isp.`, and the entry of the code in the ``GatewayErrorTable``.
    ///
    /// The result is `nil` for a malformed code, and for `OK` in any letter case. Neither of these codes is a certain
    /// rejection.
    private static func entry(for rawCode: String) -> (code: String, entry: GatewayErrorTable.Entry)? {
        guard let code = SafeText.wellFormedCode(rawCode), code.lowercased() != "ok" else { return nil }
        return (code, GatewayErrorTable.entry(for: code, isFault: rawCode.hasPrefix("isp.")))
    }

    private func verdict(on rawCode: String, _ fields: ResponseFields) -> Verdict {
        guard let (code, entry) = Self.entry(for: rawCode) else { return self.unreadable(fields) }
        var error = AlibabaSMSError(
            AlibabaSMSError.Code(rawValue: code),
            kind: entry.kind,
            message: entry.kind.sentence
        )
        if [.retryLater, .likelyRejected].contains(entry.treatment) { error.retryAfter = self.retryAfter }
        self.describe(&error, with: fields)
        switch entry.treatment {
        case .likelyRejected, .uncertain, .seenBefore: return .unknown(error, entry.treatment)
        default: return .rejected(error, entry.treatment, fields)
        }
    }

    private func unreadable(_ fields: ResponseFields?) -> Verdict {
        var error = AlibabaSMSError.unreadableResponse(status: self.status)
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
    static func unreadableResponse(status: Int) -> AlibabaSMSError {
        var error = AlibabaSMSError(
            status == 200 ? .unreadableResponse : Code(rawValue: "http\(status)"),
            kind: .transient,
            message: "the gateway's response (HTTP \(status)) does not state the outcome of the request"
        )
        error.httpStatus = status
        return error
    }

    static func timeout(written: Bool) -> AlibabaSMSError {
        let message = written ? "the gateway did not respond in time" : "the deadline passed before anything was sent"
        return AlibabaSMSError(.timeout, message: message)
    }

    static var noFreeConnection: AlibabaSMSError {
        let message = "all connections to the gateway were in use until the deadline; nothing was sent"
        return AlibabaSMSError(.unreachable, message: message)
    }

    static var shutDown: AlibabaSMSError {
        AlibabaSMSError(.shutDown, message: "the client was shut down; nothing was sent")
    }

    static var cancelled: AlibabaSMSError {
        AlibabaSMSError(.cancelled, message: "the task was cancelled before anything was sent")
    }

    /// Returns the error for a failed credential provider.
    ///
    /// An error of a provider outside this package is replaced, because such an error may contain secrets.
    static func noCredential(_ error: any Error) -> AlibabaSMSError {
        guard let error = error as? AlibabaSMSError else {
            return AlibabaSMSError(.noCredential, message: "the credential provider failed; nothing was sent")
        }
        return AlibabaSMSError(.noCredential, kind: error.kind, message: error.message)
    }

    static func rateLimited(_ wait: Duration) -> AlibabaSMSError {
        var error = AlibabaSMSError(
            .rateLimited,
            message: "the client's rate limit admits no request before the deadline; nothing was sent"
        )
        error.retryAfter = wait
        return error
    }
}

extension SMSError.Kind {
    /// A sentence that explains the kind of an error.
    ///
    /// Error messages contain this sentence instead of the gateway's description, which may quote the request.
    var sentence: String {
        switch self {
        case .caller: "the gateway found the request invalid"
        case .auth: "the gateway rejected the credential, its signature or its permissions"
        case .balance: "the account has no balance left"
        case .content: "the gateway does not allow the text, the sender ID or the template"
        case .number: "the gateway does not serve the phone number"
        case .throttled: "the gateway asks for fewer requests per second"
        case .limit: "a limit of the account or of the phone number is exhausted"
        case .account: "the account is suspended, restricted or not activated"
        case .transient: "the gateway reports a temporary fault"
        default: "the gateway rejected the request with an unknown code"
        }
    }
}
