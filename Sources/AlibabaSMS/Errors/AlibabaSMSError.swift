// SPDX-License-Identifier: Apache-2.0

public import SMSKit

/// The reason why a call was rejected or is unknown, or an invalid value that was found before anything was sent.
///
/// Its `description`, its mirror and ``message`` contain no phone number, text, URL or key and can be logged.
/// ``gatewayMessage``, ``recommendation`` and ``accessDenied`` come from the gateway and may quote the request.
public struct AlibabaSMSError: Error, Sendable, Hashable {
    /// The gateway's code, or a code of this library.
    ///
    /// Codes that this version does not know are kept. A malformed code becomes `unreadableCode`.
    public struct Code: RawRepresentable, ExpressibleByStringLiteral, Sendable, Hashable, CustomStringConvertible {
        /// The name, such as `MOBILE_NUMBER_ILLEGAL`, without an `isv.` or `isp.` prefix.
        public let rawValue: String

        /// Creates a code from its name.
        ///
        /// - Parameter rawValue: The name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Creates a code from its name.
        ///
        /// - Parameter value: The name.
        public init(stringLiteral value: String) { self.rawValue = value }

        /// A setting is invalid.
        public static let invalidConfiguration: Self = "invalidConfiguration"

        /// A part of the credential is malformed.
        public static let invalidCredential: Self = "invalidCredential"

        /// No credential is configured.
        public static let missingCredential: Self = "missingCredential"

        /// The credential could not be fetched.
        public static let credentialUnavailable: Self = "credentialUnavailable"

        /// A field of an action is invalid.
        public static let invalidRequest: Self = "invalidRequest"

        /// The credential provider failed; nothing was sent.
        public static let noCredential: Self = "noCredential"

        /// The client's rate limit admits no request before the deadline; nothing was sent.
        public static let rateLimited: Self = "rateLimited"

        /// No connection to the gateway could be established; nothing was sent.
        public static let unreachable: Self = "unreachable"

        /// The deadline passed.
        public static let timeout: Self = "timeout"

        /// The task was cancelled before anything was sent.
        public static let cancelled: Self = "cancelled"

        /// The client was shut down; nothing was sent.
        public static let shutDown: Self = "shutDown"

        /// The connection was lost before the gateway responded.
        public static let connectionLost: Self = "connectionLost"

        /// The response does not state the outcome of the request.
        public static let unreadableResponse: Self = "unreadableResponse"

        /// A push of delivery reports is malformed.
        public static let invalidReport: Self = "invalidReport"

        /// The name, which contains no dynamic values.
        public var description: String { self.rawValue }

        /// Whether the code is one of this library.
        var isLocal: Bool { Self.localKinds[self] != nil }

        static let localKinds: [Self: SMSError.Kind] = [
            .invalidConfiguration: .caller, .invalidCredential: .auth, .missingCredential: .auth,
            .credentialUnavailable: .transient, .invalidRequest: .caller,
            .noCredential: .auth, .rateLimited: .throttled, .unreachable: .transient,
            .timeout: .transient, .cancelled: .transient, .shutDown: .caller, .connectionLost: .transient,
            .unreadableResponse: .transient, .invalidReport: .caller,
        ]
    }

    /// The gateway's code, or a code of this library.
    public var code: Code

    /// The kind of the error, which determines the possible remedy.
    public var kind: SMSError.Kind

    /// A description without phone number, text and secrets.
    public var message: String

    /// The invalid field, if the error was found before anything was sent.
    public var field: String?

    /// The HTTP status of the response, if there was one.
    public var httpStatus: Int?

    /// The gateway's identifier of the request, for Alibaba's support.
    public var requestID: String?

    /// The wait before a retry that the gateway, or the client's rate limit, asks for.
    public var retryAfter: Duration?

    /// The gateway's link to a page about the error.
    public var recommendation: String?

    /// The gateway's explanation of a missing permission.
    public var accessDenied: AccessDeniedDetail?

    /// The gateway's description, which may quote the phone number and the text: never log it.
    public var gatewayMessage: String?

    /// Creates an error with a code of this library, which determines the kind.
    ///
    /// - Parameters:
    ///   - code: The code.
    ///   - field: The invalid field.
    ///   - message: A description without the value of the field.
    public init(_ code: Code, field: String? = nil, message: String) {
        self.init(code, kind: Code.localKinds[code] ?? .caller, message: message)
        self.field = field
    }

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The gateway's code, or a code of this library.
    ///   - kind: The kind of the error.
    ///   - message: A description without phone number, text and secrets.
    public init(_ code: Code, kind: SMSError.Kind, message: String) {
        self.code = code
        self.kind = kind
        self.message = message
    }
}

extension AlibabaSMSError: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The code and the message.
    public var description: String { "\(self.code): \(self.message)" }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// A mirror of the fields that may be displayed, so that `dump` prints no secret.
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
    /// Converts an error for callers that do not know the gateway.
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
