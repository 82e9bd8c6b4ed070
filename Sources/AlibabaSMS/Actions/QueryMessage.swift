// SPDX-License-Identifier: Apache-2.0

/// An action that queries the delivery status of one message.
///
/// Shortly after a send, the gateway may reject the query with `DATA_NOT_EXIST`.
public struct QueryMessage: Sendable, Hashable {
    /// The name of the action in requests.
    public static let name = "QueryMessage"

    /// The gateway's identifier of the message.
    public var messageID: String

    /// Creates a query.
    ///
    /// - Parameter messageID: The gateway's identifier of the message.
    public init(messageID: String) {
        self.messageID = messageID
    }
}

extension QueryMessage: AlibabaSMSAction {
    package static var isIdempotent: Bool { true }

    package var parameters: [RequestParameter] { [RequestParameter("MessageId", self.messageID)] }

    package func validate(with configuration: AlibabaSMSConfiguration) throws(AlibabaSMSError) {
        try Self.requireMessageID(self.messageID)
    }
}
