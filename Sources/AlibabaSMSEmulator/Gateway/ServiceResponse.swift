// SPDX-License-Identifier: Apache-2.0

import SMSKit

/// A response of the SMS service behind the gateway.
///
/// All values are encoded as strings, including numbers.
struct ServiceResponse: Encodable, Sendable {
    /// The country and carrier of a phone number.
    struct NumberDetail: Encodable, Sendable {
        var country: String
        var region: String
        var carrier = "Emulator, nothing is sent"

        /// Looks up the country of a phone number in E.164 format.
        init(of number: String) {
            let region = PhoneNumber(e164: number)?.region?.code ?? "Emulated"
            self.country = region
            self.region = region
        }

        private enum CodingKeys: String, CodingKey {
            case country = "Country"
            case region = "Region"
            case carrier = "Carrier"
        }
    }

    var code = "OK"
    var description = "OK"
    var requestID: String
    var fields: [String: String] = [:]
    var numberDetail: NumberDetail?

    /// The IDs of the accepted messages, which the request log shows.
    var messageIDs: [String] = []

    init(requestID: String) {
        self.requestID = requestID
    }

    init(_ message: InboxMessage) {
        self.requestID = message.requestID
        self.description = "The SMS Send Request was accepted"
        self.messageIDs = [message.messageID]
        self.numberDetail = NumberDetail(of: message.to)
        self.fields = [
            "MessageId": message.messageID,
            "To": String(message.to.dropFirst()),
            "Segments": "\(message.segments)",
        ]
        self.fields["From"] = message.from
    }

    init(_ error: ServiceError, requestID: String) {
        self.code = error.code
        self.description = error.message
        self.requestID = requestID
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: MemberName.self)
        try container.encode(self.code, forKey: MemberName("ResponseCode"))
        try container.encode(self.description, forKey: MemberName("ResponseDescription"))
        try container.encode(self.requestID, forKey: MemberName("RequestId"))
        for (name, value) in self.fields { try container.encode(value, forKey: MemberName(name)) }
        try container.encodeIfPresent(self.numberDetail, forKey: MemberName("NumberDetail"))
    }
}
