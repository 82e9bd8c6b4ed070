/// How to reach the gateway, and what to allow.
public struct AlibabaSMSConfiguration: Sendable, Hashable {
    /// The URL of the gateway: scheme, host and perhaps a port.
    ///
    /// The default is Singapore. The mainland service is another one and is never used unless it is named here.
    public var endpoint: String

    /// Whether `http:` is allowed to hosts other than this one; number and text then travel in clear.
    public var allowsPlaintextEndpoint: Bool

    /// The sender ID of every message; `nil` leaves it to the gateway.
    public var senderID: String?

    /// The longest that making a connection may take.
    ///
    /// It should be shorter than the timeout of a call: while a connection is being made, nobody can tell whether
    /// something was written, so a call that ends then is unknown. A message that was not sent because no connection
    /// could be made is tried again only if this time is left.
    public var connectTimeout: Duration

    /// The longest that the gateway may take to answer.
    public var readTimeout: Duration

    /// The longest that one call may take, retries and pauses included.
    public var totalTimeout: Duration

    /// The most requests that one call may make.
    ///
    /// A request is repeated only if nothing of it was written or the gateway said that it did not take it.
    public var maximumAttempts: Int

    /// The longest text, in UTF-16 units; the documents of the gateway disagree on it.
    public var maximumTextLength: Int

    /// Creates a configuration.
    ///
    /// - Parameters:
    ///   - endpoint: The URL of the gateway.
    ///   - allowsPlaintextEndpoint: Whether `http:` is allowed to hosts other than this one.
    ///   - senderID: The sender ID of every message.
    ///   - connectTimeout: The longest that making a connection may take.
    ///   - readTimeout: The longest that the gateway may take to answer.
    ///   - totalTimeout: The longest that one call may take.
    ///   - maximumAttempts: The most requests that one call may make.
    ///   - maximumTextLength: The longest text, in UTF-16 units.
    public init(
        endpoint: String = "https://dysmsapi.ap-southeast-1.aliyuncs.com",
        allowsPlaintextEndpoint: Bool = false,
        senderID: String? = nil,
        connectTimeout: Duration = .seconds(5),
        readTimeout: Duration = .seconds(10),
        totalTimeout: Duration = .seconds(30),
        maximumAttempts: Int = 3,
        maximumTextLength: Int = 1500
    ) {
        self.endpoint = endpoint
        self.allowsPlaintextEndpoint = allowsPlaintextEndpoint
        self.senderID = senderID
        self.connectTimeout = connectTimeout
        self.readTimeout = readTimeout
        self.totalTimeout = totalTimeout
        self.maximumAttempts = maximumAttempts
        self.maximumTextLength = maximumTextLength
    }

    func validate() throws(AlibabaSMSError) {
        let timeouts = [
            ("connectTimeout", self.connectTimeout), ("readTimeout", self.readTimeout),
            ("totalTimeout", self.totalTimeout),
        ]
        for (field, value) in timeouts where value <= .zero || value > .seconds(3600) {
            throw Self.error(field, "must be more than nothing and at most an hour")
        }
        guard (1...10).contains(self.maximumAttempts) else { throw Self.error("maximumAttempts", "must be 1 to 10") }
        guard self.maximumTextLength > 0 else { throw Self.error("maximumTextLength", "must be positive") }
        if let senderID = self.senderID, !SenderID.isValid(senderID) {
            throw Self.error("senderID", SenderID.rule)
        }
    }

    static func error(_ field: String, _ message: String) -> AlibabaSMSError {
        AlibabaSMSError(.invalidConfiguration, field: field, message: "\(field) \(message)")
    }
}
