extension SendMessageToGlobe {
    /// What the gateway says of a message; any field may be absent, and all are texts.
    public struct Answer: Decodable, Sendable, Hashable {
        /// Where the number belongs.
        public struct NumberDetail: Decodable, Sendable, Hashable {
            /// The country.
            public var country: String?
            /// The region.
            public var region: String?
            /// The carrier.
            public var carrier: String?

            private enum CodingKeys: String, CodingKey {
                case country = "Country"
                case region = "Region"
                case carrier = "Carrier"
            }

            /// Reads the fields that are there and are texts or numbers.
            public init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                self.country = container.text(.country)
                self.region = container.text(.region)
                self.carrier = container.text(.carrier)
            }
        }

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
        /// The sender ID as it was sent.
        public var from: String?
        /// The number of billed segments.
        public var segments: String?
        /// Where the number belongs.
        public var numberDetail: NumberDetail?

        private enum CodingKeys: String, CodingKey {
            case responseCode = "ResponseCode"
            case responseDescription = "ResponseDescription"
            case requestID = "RequestId"
            case messageID = "MessageId"
            case to = "To"
            case from = "From"
            case segments = "Segments"
            case numberDetail = "NumberDetail"
        }

        /// Reads the fields that are there and are texts or numbers.
        ///
        /// An odd field is dropped rather than thrown for: a message that was taken must not look as if it was not.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.responseCode = container.text(.responseCode)
            self.responseDescription = container.text(.responseDescription)
            self.requestID = container.text(.requestID)
            self.messageID = container.text(.messageID)
            self.to = container.text(.to)
            self.from = container.text(.from)
            self.segments = container.text(.segments)
            self.numberDetail = try? container.decodeIfPresent(NumberDetail.self, forKey: .numberDetail)
        }
    }
}

extension SendMessageToGlobe.Answer: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The outcome only: the other fields hold the number.
    public var description: String { "SendMessageToGlobe.Answer(\(self.responseCode.map(SafeText.code) ?? "–"))" }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// A mirror without children, so that `dump` shows nothing secret.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension KeyedDecodingContainer {
    /// A text, or a whole number as a text; `nil` if the field is absent or something else.
    func text(_ key: Key) -> String? {
        if let text = try? self.decode(String.self, forKey: key) { return text }
        return (try? self.decode(Int64.self, forKey: key)).map { "\($0)" }
    }
}
