// SPDX-License-Identifier: Apache-2.0

public import Redaction
public import SMSKit

extension BatchSendMessageToGlobe {
    /// The outcome of one message in a batch.
    ///
    /// No cases will be added.
    public enum Disposition: Sendable, Hashable {
        /// The gateway accepted the message.
        case accepted
        /// The gateway lists the phone number of the message as failed.
        case failed
        /// The response is inconsistent, so the outcome is unknown.
        case unknown
    }

    /// The response to a batch.
    ///
    /// The gateway may omit any field.
    public struct Response: Sendable, Hashable {
        /// The fields that all responses have in common, such as the response code.
        public var header: AlibabaSMSResponseHeader

        /// The sender ID as the gateway received it.
        public var from: String?

        /// The identifiers of the accepted messages.
        ///
        /// The gateway does not document the order of the identifiers.
        public var messageIDs: [String]?

        /// The phone numbers whose messages the gateway did not accept.
        public var failedNumbers: [String]?

        /// The number of accepted messages.
        public var successCount: Int?

        /// Creates a response.
        ///
        /// - Parameters:
        ///   - header: The fields that all responses have in common.
        ///   - from: The sender ID as the gateway received it.
        ///   - messageIDs: The identifiers of the accepted messages.
        ///   - failedNumbers: The phone numbers whose messages the gateway did not accept.
        ///   - successCount: The number of accepted messages.
        public init(
            header: AlibabaSMSResponseHeader = .init(),
            from: String? = nil,
            messageIDs: [String]? = nil,
            failedNumbers: [String]? = nil,
            successCount: Int? = nil
        ) {
            self.header = header
            self.from = from
            self.messageIDs = messageIDs
            self.failedNumbers = failedNumbers
            self.successCount = successCount
        }

        /// Returns the outcome of each message.
        ///
        /// Messages to the numbers in ``failedNumbers`` have failed. If the response is consistent, all other messages were
        /// accepted. Otherwise the outcome of all other messages is unknown.
        ///
        /// A response is consistent if:
        ///
        /// - the response code is `OK`,
        /// - neither the list of failed numbers nor the success count is malformed,
        /// - every failed number belongs to the batch, and
        /// - the success count, if present, equals the number of messages that did not fail.
        ///
        /// - Parameter numbers: The recipients of the batch.
        /// - Returns: The outcome of the message to each recipient.
        public func dispositions(of numbers: [PhoneNumber]) -> [PhoneNumber: Disposition] {
            let failed = Set((self.failedNumbers ?? []).map { $0.hasPrefix("+") ? String($0.dropFirst()) : $0 })
            let known = Set(numbers.map(\.wireDigits))
            let others: Disposition = self.isConsistent(failed, known) ? .accepted : .unknown
            return Dictionary(
                numbers.map { ($0, failed.contains($0.wireDigits) ? .failed : others) },
                uniquingKeysWith: { first, _ in first }
            )
        }

        private func isConsistent(_ failed: Set<String>, _ known: Set<String>) -> Bool {
            // A malformed list or count remains among the unknown fields of the header.
            let isReadable = ["FailedList", "SuccessCount"].allSatisfy { self.header.otherFields[$0] == nil }
            return self.header.code == "OK" && isReadable && failed.isSubset(of: known)
                && self.successCount.map { $0 == known.count - failed.count } ?? true
        }
    }
}

extension BatchSendMessageToGlobe.Response: AlibabaSMSResponse {
    package init(_ fields: ResponseFields) {
        var fields = fields
        self.from = fields.takeText("From")
        self.messageIDs = fields.takeTexts("MessageIdList")
        self.failedNumbers = fields.takeTexts("FailedList")
        self.successCount = fields.takeCount("SuccessCount")
        self.header = AlibabaSMSResponseHeader(fields)
    }
}

extension BatchSendMessageToGlobe.Response: Redacted {
    /// The response code, without any phone number.
    public var description: String { "BatchSendMessageToGlobe.Response(\(self.header))" }
}
