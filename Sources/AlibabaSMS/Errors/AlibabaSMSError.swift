public import SMSKit

/// Why a request was not, or perhaps not, done; or a mistake that was found before anything was sent.
///
/// Its `description`, its mirror and ``message`` hold no number, text, URL or key and can be logged.
/// ``gatewayMessage``, ``recommendation`` and ``accessDenied`` are the gateway's own words and may quote the request.
public struct AlibabaSMSError: Error, Sendable, Hashable {
    /// The gateway's code, or a short name of our own.
    ///
    /// Codes of the gateway that are not known here are kept; one that is not shaped as a code is `unreadableCode`.
    public struct Code: RawRepresentable, ExpressibleByStringLiteral, Sendable, Hashable, CustomStringConvertible {
        /// The name, such as `MOBILE_NUMBER_ILLEGAL`, without an `isv.` or `isp.` prefix.
        public let rawValue: String

        /// Creates a code from its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Creates a code from its name.
        public init(stringLiteral value: String) { self.rawValue = value }

        /// A value of the configuration cannot be used.
        public static let invalidConfiguration: Self = "invalidConfiguration"

        /// A part of the credential is malformed.
        public static let invalidCredential: Self = "invalidCredential"

        /// There is no credential.
        public static let missingCredential: Self = "missingCredential"

        /// A credential that has to be fetched could not be.
        public static let credentialUnavailable: Self = "credentialUnavailable"

        /// A field of a request cannot be sent.
        public static let invalidRequest: Self = "invalidRequest"

        /// The credential provider failed; nothing was sent.
        public static let noCredential: Self = "noCredential"

        /// The client's own limit would not let the request go before the deadline; nothing was sent.
        public static let rateLimited: Self = "rateLimited"

        /// No connection to the gateway could be made; nothing was sent.
        public static let unreachable: Self = "unreachable"

        /// The time ran out.
        public static let timeout: Self = "timeout"

        /// The task was cancelled before anything was sent.
        public static let cancelled: Self = "cancelled"

        /// The connection ended before the gateway answered.
        public static let connectionLost: Self = "connectionLost"

        /// The answer does not tell what became of the request.
        public static let unreadableAnswer: Self = "unreadableAnswer"

        /// A delivery report push is not what it should be.
        public static let invalidReport: Self = "invalidReport"

        /// The name, which holds no dynamic values.
        public var description: String { self.rawValue }

        /// Whether it is a name of our own.
        var isLocal: Bool { Self.localKinds[self] != nil }

        static let localKinds: [Self: SMSError.Kind] = [
            .invalidConfiguration: .caller, .invalidCredential: .auth, .missingCredential: .auth,
            .credentialUnavailable: .transient, .invalidRequest: .caller,
            .noCredential: .auth, .rateLimited: .throttled, .unreachable: .transient,
            .timeout: .transient, .cancelled: .transient, .connectionLost: .transient, .unreadableAnswer: .transient,
            .invalidReport: .caller,
        ]
    }

    /// The gateway's code, or a short name of our own.
    public var code: Code

    /// What kind of fault it is, and so who can act on it.
    public var kind: SMSError.Kind

    /// A sentence of our own for a person, without the number, the text or any secret.
    public var message: String

    /// The field at fault, if the mistake was found before anything was sent.
    public var field: String?

    /// The status of the HTTP answer, if there was one.
    public var httpStatus: Int?

    /// The gateway's identifier of the request, for its support staff.
    public var requestID: String?

    /// How long the gateway, or the client's own limit, asks to wait before a further try.
    public var retryAfter: Duration?

    /// The gateway's link to a page about the fault.
    public var recommendation: String?

    /// What the gateway's access control says of a refusal.
    public var accessDenied: AccessDeniedDetail?

    /// The gateway's own words, which may quote the number and the text: never log them.
    public var gatewayMessage: String?

    /// Creates an error that was found before anything was sent.
    ///
    /// - Parameters:
    ///   - code: What kind of mistake it is.
    ///   - field: The field at fault.
    ///   - message: A sentence for a person, without the value.
    public init(_ code: Code, field: String? = nil, message: String) {
        self.init(code, kind: Code.localKinds[code] ?? .caller, message: message)
        self.field = field
    }

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The gateway's code, or a short name of our own.
    ///   - kind: What kind of fault it is.
    ///   - message: A sentence for a person, without the number, the text or any secret.
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

    /// A mirror of what may be shown, so that `dump` shows nothing secret.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "code": self.code.rawValue, "kind": self.kind.description, "message": self.message,
                "httpStatus": self.httpStatus.map { "\($0)" } ?? "–", "requestID": self.requestID ?? "–",
            ]
        )
    }
}

extension SMSError {
    /// What a caller that knows no gateway has to know of an error.
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
