// SPDX-License-Identifier: Apache-2.0

public import Redaction

/// The gateway's response to one accepted message.
///
/// The gateway may omit any field.
public struct SendMessageResponse: Sendable, Hashable {
    /// The fields that all responses have in common, such as the response code.
    public var header: AlibabaSMSResponseHeader

    /// The gateway's identifier of the message.
    public var messageID: String?

    /// The phone number as the gateway received it.
    public var to: String?

    /// The sender ID, or the signature, as the gateway received it.
    public var from: String?

    /// The number of billed segments.
    public var segments: Int?

    /// The gateway's data about the phone number.
    public var numberDetail: NumberDetail?

    /// Creates a response.
    ///
    /// - Parameters:
    ///   - header: The fields that all responses have in common.
    ///   - messageID: The gateway's identifier of the message.
    ///   - to: The phone number as the gateway received it.
    ///   - from: The sender ID, or the signature, as the gateway received it.
    ///   - segments: The number of billed segments.
    ///   - numberDetail: The gateway's data about the phone number.
    public init(
        header: AlibabaSMSResponseHeader = .init(),
        messageID: String? = nil,
        to: String? = nil,
        from: String? = nil,
        segments: Int? = nil,
        numberDetail: NumberDetail? = nil
    ) {
        self.header = header
        self.messageID = messageID
        self.to = to
        self.from = from
        self.segments = segments
        self.numberDetail = numberDetail
    }
}

extension SendMessageResponse: AlibabaSMSResponse {
    package init(_ fields: ResponseFields) {
        var fields = fields
        self.messageID = fields.takeText("MessageId")
        self.to = fields.takeText("To")
        self.from = fields.takeText("From")
        self.segments = fields.takeCount("Segments")
        self.numberDetail = fields.takeObject("NumberDetail").map(NumberDetail.init)
        self.header = AlibabaSMSResponseHeader(fields)
    }
}

extension SendMessageResponse: Redacted {
    /// The response code, without the phone number.
    public var description: String { "SendMessageResponse(\(self.header))" }
}
