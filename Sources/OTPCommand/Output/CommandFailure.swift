// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Hiredis
import OTP
import OTPEnvironment
import SMSKit

/// The error with which a command ends.
///
/// The error contains no code, phone number, token or key.
struct CommandFailure: Error {
    /// The code, the kind and the request identifier of a gateway error.
    struct Gateway: Encodable {
        var code: String
        var kind: String
        var requestID: String?
    }

    var status: ExitStatus
    var code: String
    var message: String
    /// The missing or invalid environment variable; `nil` if the cause is not a setting.
    var variable: String?
    var retryAfter: Duration?
    var attemptsRemaining: Int?
    var limit: Refusal.Limit?
    var gateway: Gateway?

    init(_ status: ExitStatus, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    static func usage(_ message: String) -> Self { Self(.usage, "usage", message) }

    /// Creates the error for a missing or invalid setting.
    init(_ error: OTPSettingsError) {
        let code = error.code == .missing ? "missingSetting" : "unusableSetting"
        self.init(.configuration, code, error.description)
        self.variable = error.variable
    }

    static func unreachable(_ what: String, _ reason: String) -> Self {
        Self(.unreachable, "unreachable", "\(what) cannot be reached: \(reason)")
    }

    /// Creates the error for a credential that is missing or cannot be fetched.
    init(noCredential error: any Error) {
        guard let error = error as? AlibabaSMSError else {
            self.init(.unreachable, "credentialUnavailable", "no credential could be fetched")
            return
        }
        guard error.code == .missingCredential else {
            self.init(.unreachable, "credentialUnavailable", error.message)
            return
        }
        let variable = "ALIBABA_CLOUD_ACCESS_KEY_ID"
        let remedy = "set it, or another source of the credential; \(error.message)"
        self.init(OTPSettingsError(.missing, variable, problem: "it is not set", remedy: remedy))
    }

    /// Converts an error of any type.
    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as OTPSettingsError: self.init(error)
        case let error as OTPError: self.init(error, of: .issue, store: "the store", gateway: "the gateway")
        default: self.init(.error, "error", "\(error)")
        }
    }

    /// The message, followed by the limit, the remaining attempts and the wait.
    var text: String {
        var text = self.message
        if let limit = self.limit?.text { text += " (\(limit))" }
        if let attempts = self.attemptsRemaining { text += "; \(attempts) attempt\(attempts == 1 ? "" : "s") left" }
        if let wait = self.retryAfter { text += "; try again in \(wait.wholeSeconds) s" }
        return text
    }
}

extension CommandFailure {
    /// Converts an error of the service to an error with an exit status and a message.
    init(_ error: OTPError, of use: ServiceUse, store: String, gateway: String) {
        self.init(.error, error.code.description, error.message)
        self.retryAfter = error.retryAfter
        self.attemptsRemaining = error.attemptsRemaining
        self.limit = error.limit
        switch error.code {
        case .incorrectCode, .malformedCode, .expired, .attemptsExhausted, .invalidProof: self.status = .negative
        case .locked: self.status = use == .verify ? .negative : .tryLater
        case .disabled: self.status = use == .verify ? .negative : .error
        case .rateLimited, .blocked: self.status = .tryLater
        case .invalidToken: self.status = .usage
        case .keyUnavailable:
            self.status = .configuration
            self.message = "OTP_KEYS lacks the key of this code: \(error.message)"
        case .storeUnavailable: self.describeStore(store, error.cause)
        case .deliveryFailed: self.describe(error.delivery, gateway)
        default: break
        }
    }

    private mutating func describeStore(_ store: String, _ cause: (any Error)?) {
        self.status = .unreachable
        // Only errors of this package's Redis client are described, because other errors may contain a password.
        let words = (cause as? RedisError).map { reason($0) } ?? "unknown error"
        self.message = "the store at \(store) is unavailable: \(words)"
    }

    private mutating func describe(_ refusal: SMSError?, _ gateway: String) {
        guard let refusal else { return }
        self.gateway = Gateway(
            code: refusal.code,
            kind: refusal.kind.description,
            requestID: refusal.requestID
        )
        switch refusal.kind {
        case .transient:
            self.status = .unreachable
            self.message = "the gateway at \(gateway) did not accept the message: \(refusal)"
        case .throttled, .limit:
            self.status = .tryLater
            self.message = "the gateway at \(gateway) refused the message for now: \(refusal)"
        default:
            self.message = "the gateway at \(gateway) refused the message: \(refusal)"
        }
    }
}

extension CommandFailure: Encodable {
    private enum CodingKeys: String, CodingKey { case error }

    private enum ErrorKeys: String, CodingKey {
        case code, message, retryAfter, attemptsRemaining, limit, gateway
    }

    func encode(to encoder: any Encoder) throws {
        var document = encoder.container(keyedBy: CodingKeys.self)
        var error = document.nestedContainer(keyedBy: ErrorKeys.self, forKey: .error)
        try error.encode(self.code, forKey: .code)
        try error.encode(self.message, forKey: .message)
        try error.encodeIfPresent(self.retryAfter?.wholeSeconds, forKey: .retryAfter)
        try error.encodeIfPresent(self.attemptsRemaining, forKey: .attemptsRemaining)
        try error.encodeIfPresent(self.limit?.name.description, forKey: .limit)
        try error.encodeIfPresent(self.gateway, forKey: .gateway)
    }
}

extension Refusal.Limit {
    /// The description of the limit in messages.
    var text: String {
        if let window = self.window { return "at most \(window.count) in \(window.window.wholeSeconds) s" }
        switch self.name {
        case .cooldown: return "cooldown between two messages"
        case .refusedSends: return "cooldown after a rejected message"
        case .consecutiveFailures: return "consecutive wrong codes"
        case .sendsPerChallenge: return "messages of one challenge"
        default: return self.description
        }
    }
}
