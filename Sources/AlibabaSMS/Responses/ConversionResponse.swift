public import Redaction

/// What the gateway says of a report on conversion; any field may be absent.
public struct ConversionResponse: AlibabaSMSResponse, Hashable {
    /// The outcome: `OK`, or an error code.
    public var responseCode: String?
    /// The outcome in words.
    ///
    /// It may quote the request: never log it.
    public var responseDescription: String?
    /// The identifier of the request.
    public var requestID: String?
    /// The fields that are not known here.
    public var otherFields: [String: JSONValue]

    /// Reads an answer.
    public init(_ fields: ResponseFields) {
        var fields = fields
        self.responseCode = fields.takeText("ResponseCode")
        self.responseDescription = fields.takeText("ResponseDescription")
        self.requestID = fields.takeText("RequestId")
        self.otherFields = fields.values
    }
}

extension ConversionResponse: Redacted {
    /// The outcome only.
    public var description: String { "ConversionResponse(\(self.responseCode.map(SafeText.code) ?? "–"))" }
}
