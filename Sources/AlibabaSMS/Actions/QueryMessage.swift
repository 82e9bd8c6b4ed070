/// Asks what became of one message.
///
/// A message that was just taken may not be found yet: the gateway then refuses with `DATA_NOT_EXIST`.
public struct QueryMessage: AlibabaSMSAction, Hashable {
    /// The name on the wire.
    public static let name = "QueryMessage"

    /// `true`: asking changes nothing.
    public static let isRepeatable = true

    /// The identifier of the message.
    public var messageID: String

    /// Creates a request.
    ///
    /// - Parameter messageID: The identifier of the message.
    public init(messageID: String) {
        self.messageID = messageID
    }

    /// The parameters on the wire.
    public var parameters: [RequestParameter] { [RequestParameter("MessageId", self.messageID)] }

    /// Checks the fields before anything is sent.
    ///
    /// - Parameter configuration: Not used.
    /// - Throws: An error that names the field at fault and not its value.
    public func validate(with configuration: AlibabaSMSConfiguration) throws(AlibabaSMSError) {
        try Self.requireMessageID(self.messageID)
    }
}
