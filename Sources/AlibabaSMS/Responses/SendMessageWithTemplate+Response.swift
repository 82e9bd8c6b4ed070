public import Redaction

extension SendMessageWithTemplate {
    /// What the gateway says of a message; any field may be absent, and all are texts.
    public struct Response: AlibabaSMSResponse, Hashable {
        /// The outcome: `OK`, or an error code.
        public var responseCode: String?
        /// The outcome in words.
        ///
        /// It may quote the request: never log it.
        public var responseDescription: String?
        /// The identifier of the request.
        public var requestID: String?
        /// The identifier of the message.
        public var messageID: String?
        /// The number as it was sent.
        public var to: String?
        /// The number of billed segments.
        public var segments: String?
        /// Where the number belongs.
        public var numberDetail: NumberDetail?
        /// The fields that are not known here.
        public var otherFields: [String: JSONValue]

        /// Reads an answer.
        public init(_ fields: ResponseFields) {
            var fields = fields
            self.responseCode = fields.takeText("ResponseCode")
            self.responseDescription = fields.takeText("ResponseDescription")
            self.requestID = fields.takeText("RequestId")
            self.messageID = fields.takeText("MessageId")
            self.to = fields.takeText("To")
            self.segments = fields.takeText("Segments")
            self.numberDetail = fields.takeObject("NumberDetail").map(NumberDetail.init)
            self.otherFields = fields.values
        }
    }
}

extension SendMessageWithTemplate.Response: Redacted {
    /// The outcome only: the other fields hold the number.
    public var description: String {
        "SendMessageWithTemplate.Response(\(self.responseCode.map(SafeText.code) ?? "–"))"
    }
}
