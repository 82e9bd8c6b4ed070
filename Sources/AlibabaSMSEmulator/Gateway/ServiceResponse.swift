import SMSKit

/// The shape of an answer by the service, good or bad; all values are texts, numbers too.
struct ServiceResponse: Encodable, Sendable {
    /// Where a number belongs.
    struct NumberDetail: Encodable, Sendable {
        var country: String
        var region: String
        var carrier = "Emulator, nothing is sent"

        /// What is known of a number in E.164 form.
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

    /// A name on the wire.
    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { self.stringValue = name }

        init?(stringValue: String) { self.stringValue = stringValue }

        init?(intValue: Int) { nil }
    }

    var code = "OK"
    var description = "OK"
    var requestID: String
    var fields: [String: String] = [:]
    var numberDetail: NumberDetail?

    /// The messages that were taken; of a batch they travel in a field of their own.
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

    init(_ fault: ServiceError, requestID: String) {
        self.code = fault.code
        self.description = fault.message
        self.requestID = requestID
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(self.code, forKey: Key("ResponseCode"))
        try container.encode(self.description, forKey: Key("ResponseDescription"))
        try container.encode(self.requestID, forKey: Key("RequestId"))
        for (name, value) in self.fields { try container.encode(value, forKey: Key(name)) }
        try container.encodeIfPresent(self.numberDetail, forKey: Key("NumberDetail"))
    }
}
