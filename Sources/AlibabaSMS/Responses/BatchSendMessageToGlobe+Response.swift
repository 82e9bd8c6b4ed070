public import Redaction
public import SMSKit

extension BatchSendMessageToGlobe {
    /// What became of one message of a batch.
    public enum Disposition: Sendable, Hashable {
        /// The gateway took it.
        case accepted
        /// The gateway names its number as failed.
        case failed
        /// The answer does not add up, so it cannot be told.
        case unknown
    }

    /// What the gateway says of a batch; any field may be absent.
    public struct Response: AlibabaSMSResponse, Hashable {
        /// The outcome: `OK`, or an error code.
        public var responseCode: String?
        /// The outcome in words.
        ///
        /// It may quote the request: never log it.
        public var responseDescription: String?
        /// The identifier of the request.
        public var requestID: String?
        /// The sender ID as it was sent.
        public var from: String?
        /// The identifiers of the messages that were taken, in no order that is known.
        public var messageIDs: [String]?
        /// The numbers that failed.
        public var failedNumbers: [String]?
        /// How many messages were taken.
        public var successCount: String?
        /// The fields that are not known here.
        public var otherFields: [String: JSONValue]

        /// Reads an answer.
        public init(_ fields: ResponseFields) {
            var fields = fields
            self.responseCode = fields.takeText("ResponseCode")
            self.responseDescription = fields.takeText("ResponseDescription")
            self.requestID = fields.takeText("RequestId")
            self.from = fields.takeText("From")
            self.messageIDs = fields.takeTexts("MessageIdList")
            self.failedNumbers = fields.takeTexts("FailedList")
            self.successCount = fields.takeText("SuccessCount")
            self.otherFields = fields.values
        }

        /// What became of each message.
        ///
        /// A number that the answer names as failed has failed. The others were accepted if the answer adds up: every
        /// number that failed is one of the batch, and the count of successes is that of the others.
        ///
        /// - Parameter numbers: The recipients of the batch.
        /// - Returns: What became of the message to each of them.
        public func dispositions(of numbers: [PhoneNumber]) -> [PhoneNumber: Disposition] {
            let failed = Set((self.failedNumbers ?? []).map { $0.hasPrefix("+") ? String($0.dropFirst()) : $0 })
            let known = Set(numbers.map(\.wireDigits))
            let addsUp =
                self.responseCode == "OK" && self.otherFields["FailedList"] == nil && failed.isSubset(of: known)
                && self.successCount.map { Int($0) == known.count - failed.count } ?? true
            let others: Disposition = addsUp ? .accepted : .unknown
            return Dictionary(
                numbers.map { ($0, failed.contains($0.wireDigits) ? .failed : others) },
                uniquingKeysWith: { first, _ in first }
            )
        }
    }
}

extension BatchSendMessageToGlobe.Response: Redacted {
    /// The outcome only: the other fields hold numbers.
    public var description: String {
        "BatchSendMessageToGlobe.Response(\(self.responseCode.map(SafeText.code) ?? "–"))"
    }
}
