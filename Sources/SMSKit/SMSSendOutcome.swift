/// What became of a message.
public enum SMSSendOutcome: Sendable, Hashable {
    /// The gateway took the message and will bill it.
    case accepted(SMSReceipt)

    /// The gateway certainly did not take the message: nothing is billed and nothing will arrive.
    case rejected(SMSError)

    /// It cannot be told whether the gateway took the message: it may arrive, and must not be sent again blindly.
    case unknown(SMSError)
}

/// What a gateway says of a message that it took.
public struct SMSReceipt: Sendable, Hashable {
    /// The gateway's identifier of the message.
    public var messageID: String

    /// The number of billed segments, if the gateway told it.
    public var segments: Int?

    /// The gateway's identifier of the request, for its support staff.
    public var requestID: String?

    /// Creates a receipt.
    ///
    /// - Parameters:
    ///   - messageID: The gateway's identifier of the message.
    ///   - segments: The number of billed segments.
    ///   - requestID: The gateway's identifier of the request.
    public init(messageID: String, segments: Int? = nil, requestID: String? = nil) {
        self.messageID = messageID
        self.segments = segments
        self.requestID = requestID
    }
}

/// Why a message was not, or perhaps not, taken.
///
/// It holds no text, number or secret, and can be logged.
public struct SMSError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of fault it is, and so who can act on it.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The request was wrong: a mistake in the program or its configuration.
        case caller
        /// The credentials were refused, or lack a permission.
        case auth
        /// The account has no money or no package left.
        case balance
        /// The gateway does not allow the text, the sender or the template.
        case content
        /// The gateway does not serve the number.
        case number
        /// Too many requests at once; a later one may succeed.
        case throttled
        /// A limit per number, day or month is used up.
        case limit
        /// The account is suspended, restricted or not activated.
        case account
        /// A temporary fault of the gateway or the network.
        case transient
        /// The gateway gave a code that is not known here.
        case unknown
    }

    /// The gateway's code, or a short name of our own such as `timeout`; without dynamic values, fit for a metric label.
    public var code: String

    /// What kind of fault it is.
    public var kind: Kind

    /// A sentence for a person, without the text, the number or any secret.
    public var message: String

    /// The wait until another try can succeed: the time that the gateway sent, or else the window of a limit that its
    /// code names.
    public var retryAfter: Duration?

    /// The gateway's identifier of the request, for its support staff.
    public var requestID: String?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The gateway's code, or a short name of our own.
    ///   - kind: What kind of fault it is.
    ///   - message: A sentence for a person, without the text, the number or any secret.
    ///   - retryAfter: How long to wait before a further try.
    ///   - requestID: The gateway's identifier of the request.
    public init(
        code: String,
        kind: Kind,
        message: String,
        retryAfter: Duration? = nil,
        requestID: String? = nil
    ) {
        self.code = code
        self.kind = kind
        self.message = message
        self.retryAfter = retryAfter
        self.requestID = requestID
    }

    /// The code, the class and the message.
    public var description: String { "\(self.code) (\(self.kind.rawValue)): \(self.message)" }
}
