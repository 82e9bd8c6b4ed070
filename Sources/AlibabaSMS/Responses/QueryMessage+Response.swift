public import FoundationEssentials
public import Redaction

extension QueryMessage {
    /// How far a message has come.
    public enum Status: Sendable, Hashable {
        /// It reached the telephone.
        case delivered
        /// It will not reach the telephone.
        case failed
        /// It is still on its way.
        case sending
        /// Something that is not known here.
        case other(String)

        init(_ text: String) {
            self =
                switch text {
                case "1": .delivered
                case "2": .failed
                case "3": .sending
                default: .other(text)
                }
        }
    }

    /// What the gateway knows of a message; any field may be absent.
    public struct Response: AlibabaSMSResponse, Hashable {
        /// The outcome of the question: `OK`, or an error code.
        public var responseCode: String?
        /// The outcome in words.
        public var responseDescription: String?
        /// The identifier of the request.
        public var requestID: String?
        /// The identifier of the message.
        public var messageID: String?
        /// The number.
        public var to: String?
        /// The text itself: never log it.
        public var message: String?
        /// How far the message has come.
        public var status: Status?
        /// The carrier's code, such as `DELIVERED`; decide by ``status``, and show this as a text.
        public var errorCode: String?
        /// The carrier's code in words.
        public var errorDescription: String?
        /// When the message was sent.
        public var sendDate: Date?
        /// When it was received.
        public var receiveDate: Date?
        /// Where the number belongs.
        public var numberDetail: NumberDetail?
        /// The fields that are not known here, and dates that cannot be read.
        public var otherFields: [String: JSONValue]

        /// Reads an answer.
        public init(_ fields: ResponseFields) {
            var fields = fields
            self.responseCode = fields.takeText("ResponseCode")
            self.responseDescription = fields.takeText("ResponseDescription")
            self.requestID = fields.takeText("RequestId")
            self.messageID = fields.takeText("MessageId")
            self.to = fields.takeText("To")
            self.message = fields.takeText("Message")
            self.status = fields.takeText("Status").map(Status.init)
            self.errorCode = fields.takeText("ErrorCode")
            self.errorDescription = fields.takeText("ErrorDescription")
            self.sendDate = fields.takeDate("SendDate")
            self.receiveDate = fields.takeDate("ReceiveDate")
            self.numberDetail = fields.takeObject("NumberDetail").map(NumberDetail.init)
            self.otherFields = fields.values
        }
    }
}

extension QueryMessage.Response: Redacted {
    /// The outcome only: the other fields hold the number and the text.
    public var description: String { "QueryMessage.Response(\(self.responseCode.map(SafeText.code) ?? "–"))" }
}
