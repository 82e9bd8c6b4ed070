public import FoundationEssentials
public import Redaction

/// A request to the gateway and what came of it.
///
/// It is what the inbox shows, and so holds the number and the text in clear; tokens and secrets are masked, and long
/// values are cut off.
public struct RequestRecord: Codable, Sendable, Hashable, Identifiable {
    /// A header or a parameter.
    public struct Field: Codable, Sendable, Hashable {
        /// The name.
        public var name: String
        /// The value, as it was before any encoding.
        public var value: String
    }

    /// What came of a request.
    public enum Outcome: String, Codable, Sendable, Hashable {
        /// It is not answered yet.
        case pending
        /// The service did what was asked.
        case accepted
        /// The gateway or the service refused it.
        case refused
        /// The connection ended before the answer did.
        case unanswered
    }

    /// The number of the record: 1 for the first, never used again.
    public var id: Int
    /// The namespace of the inbox in which the request is.
    public var namespace: String
    /// The gateway's identifier of the request.
    public var requestID: String
    /// When the request came.
    public var receivedAt: Date
    /// The HTTP method.
    public var method: String
    /// The path.
    public var path: String
    /// The query as it was written.
    public var query: String
    /// The action, such as `SendMessageToGlobe`.
    public var action: String?
    /// The version of the API.
    public var version: String?
    /// The ID of the AccessKey.
    public var accessKeyID: String?
    /// The method of the signature: `ACS3-HMAC-SHA256`, `HMAC-SHA1`, or nothing if there is none.
    public var scheme: String?
    /// The headers in the order in which they came.
    public var headers: [Field]
    /// The parameters of query and form, decoded.
    public var parameters: [Field]
    /// The length of the body in bytes.
    public var bodyLength: Int
    /// What came of the request.
    public var outcome: Outcome
    /// The HTTP status of the answer.
    public var status: Int?
    /// The code of the answer, of either layer; `OK` is a good one.
    public var code: String?
    /// What the answer says about its code.
    public var reason: String?
    /// The gateway's identifiers of the messages that the request brought.
    public var messageIDs: [String]
    /// How long the answer took, in milliseconds.
    public var milliseconds: Double?
    /// How the signature was judged.
    public var signature: SignatureDiagnosis?

    private enum CodingKeys: String, CodingKey {
        case id, namespace, receivedAt, method, path, query, action, version, scheme, headers, parameters, bodyLength
        case outcome, status, code, reason, milliseconds, signature
        case requestID = "requestId"
        case accessKeyID = "accessKeyId"
        case messageIDs = "messageIds"
    }
}

extension RequestRecord: NamespaceMember {}

extension RequestRecord: Redacted {
    /// The number of the record, its action and its code, never a value.
    public var description: String {
        "RequestRecord(\(self.id) \(self.outcome.rawValue)\(self.code.map { " \($0)" } ?? ""))"
    }
}

/// A request in one line of a list.
struct RequestSummary: Encodable, Sendable {
    var id: Int
    var namespace: String
    var requestID: String
    var receivedAt: Date
    var method: String
    var action: String?
    var accessKeyID: String?
    var scheme: String?
    var outcome: RequestRecord.Outcome
    var status: Int?
    var code: String?
    var reason: String?
    var messageIDs: [String]
    var milliseconds: Double?
    var findings: [SignatureDiagnosis.Finding]

    init(_ record: RequestRecord) {
        self.id = record.id
        self.namespace = record.namespace
        self.requestID = record.requestID
        self.receivedAt = record.receivedAt
        self.method = record.method
        self.action = record.action
        self.accessKeyID = record.accessKeyID
        self.scheme = record.scheme
        self.outcome = record.outcome
        self.status = record.status
        self.code = record.code
        self.reason = record.reason
        self.messageIDs = record.messageIDs
        self.milliseconds = record.milliseconds
        self.findings = record.signature?.findings ?? []
    }

    private enum CodingKeys: String, CodingKey {
        case id, namespace, receivedAt, method, action, scheme, outcome, status, code, reason, milliseconds, findings
        case requestID = "requestId"
        case accessKeyID = "accessKeyId"
        case messageIDs = "messageIds"
    }
}
