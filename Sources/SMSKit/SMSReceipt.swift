// SPDX-License-Identifier: Apache-2.0

/// The gateway's acknowledgement of a message that it accepted.
public struct SMSReceipt: Sendable, Hashable, Codable {
    /// The gateway's identifier of the message.
    public var messageID: String

    /// The number of billed segments; `nil` if the gateway did not report the number.
    public var segments: Int?

    /// The gateway's identifier of the request, for questions to the gateway's support.
    public var requestID: String?

    /// Creates a receipt.
    ///
    /// - Parameters:
    ///   - messageID: The gateway's identifier of the message.
    ///   - segments: The number of billed segments; `nil` if unknown.
    ///   - requestID: The gateway's identifier of the request.
    public init(messageID: String, segments: Int? = nil, requestID: String? = nil) {
        self.messageID = messageID
        self.segments = segments
        self.requestID = requestID
    }
}
