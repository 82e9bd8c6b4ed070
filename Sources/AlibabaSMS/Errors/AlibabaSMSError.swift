// SPDX-License-Identifier: Apache-2.0

public import SMSKit

/// The reason for a rejected call, an unknown outcome or an invalid value.
///
/// ``message``, the `description` and the output of `dump` can be logged, because they contain no phone number, text, URL or
/// key. ``gatewayMessage``, ``recommendation`` and ``accessDenied`` come from the gateway and may quote the request.
public struct AlibabaSMSError: Error, Sendable, Hashable {
    /// An error code from the gateway or from this library.
    ///
    /// Unknown gateway codes are kept unchanged. A malformed gateway code becomes `unreadableCode`.
    public struct Code: RawRepresentable, ExpressibleByStringLiteral, Sendable, Hashable, CustomStringConvertible {
        /// The name of the code, such as `MOBILE_NUMBER_ILLEGAL`, without an `isv.` or `isp.` prefix.
        public let rawValue: String

        /// Creates a code from its name.
        ///
        /// - Parameter rawValue: The name of the code.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Creates a code from its name.
        ///
        /// - Parameter value: The name of the code.
        public init(stringLiteral value: String) { self.rawValue = value }

        /// A setting is invalid.
        public static let invalidConfiguration: Self = "invalidConfiguration"

        /// A value of the credential is malformed.
        public static let invalidCredential: Self = "invalidCredential"

        /// No credential is configured.
        public static let missingCredential: Self = "missingCredential"

        /// The credential could not be fetched.
        public static let credentialUnavailable: Self = "credentialUnavailable"

        /// A field of an action is invalid.
        public static let invalidRequest: Self = "invalidRequest"

        /// The credential provider failed, so nothing was sent.
        public static let noCredential: Self = "noCredential"

        /// The client's rate limit does not allow a request before the deadline, so nothing was sent.
        public static let rateLimited: Self = "rateLimited"

        /// No connection to the gateway could be established, or all connections were in use, so nothing was sent.
        public static let unreachable: Self = "unreachable"

        /// The deadline of the call passed.
        public static let timeout: Self = "timeout"

        /// The task was cancelled before anything was sent.
        public static let cancelled: Self = "cancelled"

        /// The client was shut down, so nothing was sent.
        public static let shutDown: Self = "shutDown"

        /// The connection was lost before the gateway responded.
        public static let connectionLost: Self = "connectionLost"

        /// The response does not state the outcome of the request.
        public static let unreadableResponse: Self = "unreadableResponse"

        /// A push of delivery reports is malformed.
        public static let invalidReport: Self = "invalidReport"

        /// The name of the code, which can serve as a metric label.
        public var description: String { self.rawValue }

        /// Whether the code is defined by this library.
        var isLocal: Bool { Self.localKinds[self] != nil }

        static let localKinds: [Self: SMSError.Kind] = [
            .invalidConfiguration: .caller, .invalidCredential: .auth, .missingCredential: .auth,
            .credentialUnavailable: .transient, .invalidRequest: .caller,
            .noCredential: .auth, .rateLimited: .throttled, .unreachable: .transient,
            .timeout: .transient, .cancelled: .transient, .shutDown: .caller, .connectionLost: .transient,
            .unreadableResponse: .transient, .invalidReport: .caller,
        ]
    }

    /// The error code from the gateway or from this library.
    public var code: Code

    /// The kind of the error, which shows whether the caller, the account owner or a retry can resolve the error.
    public var kind: SMSError.Kind

    /// An explanation without phone numbers, texts and secrets.
    public var message: String

    /// The name of the invalid field or setting; `nil` in other errors.
    public var field: String?

    /// The HTTP status of the response; `nil` without a response.
    public var httpStatus: Int?

    /// The gateway's identifier of the request, for inquiries to Alibaba's support.
    public var requestID: String?

    /// The wait before a retry, as requested by the gateway or by the client's rate limit.
    public var retryAfter: Duration?

    /// The gateway's link to a page about the error.
    public var recommendation: String?

    /// The gateway's explanation of a missing permission.
    public var accessDenied: AccessDeniedDetail?

    /// The gateway's description of the error.
    ///
    /// Never log this text, because it may quote the phone number and the text of the message.
    public var gatewayMessage: String?

    /// Creates an error with a code of this library.
    ///
    /// The code determines the kind of the error.
    ///
    /// - Parameters:
    ///   - code: The code of this library.
    ///   - field: The name of the invalid field.
    ///   - message: An explanation without the value of the field.
    public init(_ code: Code, field: String? = nil, message: String) {
        self.init(code, kind: Code.localKinds[code] ?? .caller, message: message)
        self.field = field
    }

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The error code from the gateway or from this library.
    ///   - kind: The kind of the error.
    ///   - message: An explanation without phone numbers, texts and secrets.
    public init(_ code: Code, kind: SMSError.Kind, message: String) {
        self.code = code
        self.kind = kind
        self.message = message
    }
}

extension AlibabaSMSError: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A text with the code and the message.
    public var description: String { "\(self.code): \(self.message)" }

    /// The same text as ``description``.
    public var debugDescription: String { self.description }

    /// A mirror of the fields that can be displayed safely, so that `dump` does not print secrets.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "code": self.code.rawValue, "kind": "\(self.kind)", "message": self.message,
                "httpStatus": self.httpStatus.map { "\($0)" } ?? "–", "requestID": self.requestID ?? "–",
            ]
        )
    }
}

extension SMSError {
    /// Converts an error of the Alibaba client to the error type that all SMS clients share.
    init(_ error: AlibabaSMSError) {
        self.init(
            code: error.code.rawValue,
            kind: error.kind,
            message: error.message,
            retryAfter: error.retryAfter ?? GatewayErrorTable.window(of: error.code.rawValue, error.kind),
            requestID: error.requestID
        )
    }
}
