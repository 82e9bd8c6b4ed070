import AlibabaSMS
import FoundationEssentials
import HTTPTypes

extension RequestRecord {
    /// How many bytes of headers and parameters are kept.
    static let longestContent = 24 * 1024
    /// How many headers, and how many parameters, are kept.
    static let mostFields = 64

    /// The record of a request that is not answered yet; it gets its number from the log.
    init(_ call: GatewayCall, requestID: String, masking: Masking, at now: Date) {
        let scheme = call.readScheme()
        var known = call
        known.scheme = scheme
        var space = Self.longestContent
        /// Takes a text, as much of it as there is space left.
        func keep(_ text: String, _ length: Int = 4096) -> String {
            let kept = text.shortened(to: min(length, space))
            space = max(0, space - kept.utf8.count)
            return kept
        }
        self.id = 0
        self.requestID = requestID
        self.receivedAt = now.inMilliseconds
        self.method = keep(call.method, 32)
        self.path = keep(call.path, 256)
        self.action = call.action.map { keep(masking.text($0), 128) }
        self.version = call.version.map { keep(masking.text($0), 64) }
        self.accessKeyID = known.accessKeyID.map { keep(masking.text($0), 128) }
        self.scheme = scheme.map { if case .v3 = $0 { CanonicalRequest.algorithm } else { "HMAC-SHA1" } }
        self.headers = [Field(name: "host", value: keep(call.authority, 256))]
        for field in call.headers.prefix(Self.mostFields) {
            let name = field.name.canonicalName
            self.headers.append(Field(name: keep(name, 128), value: keep(masking.value(field.value, of: name))))
        }
        self.parameters = call.parameters.prefix(Self.mostFields)
            .map { Field(name: keep($0.name, 128), value: keep(masking.value($0.value, of: $0.name), 8192)) }
        self.query = keep(masking.query(call.rawQuery ?? ""), 8192)
        self.bodyLength = call.body.count
        self.outcome = .pending
        self.messageIDs = []
    }
}

/// What an answer of the gateway says of itself.
struct AnswerSummary: Decodable, Sendable {
    var code: String?
    var reason: String?
    var messageIDs: [String]

    /// Reads the beginning of a body; one that is no JSON says nothing.
    init(_ body: [UInt8]) {
        self = (try? JSONDecoder().decode(Self.self, from: Data(body))) ?? Self()
    }

    private init() { self.messageIDs = [] }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) -> String? { try? container.decode(String.self, forKey: key) }
        self.code = text(.code) ?? text(.responseCode)
        self.reason = text(.message) ?? text(.responseDescription)
        let list = text(.messageIDList).flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) }
        self.messageIDs = list ?? text(.messageID).map { [$0] } ?? []
    }

    private enum CodingKeys: String, CodingKey {
        case code = "Code"
        case responseCode = "ResponseCode"
        case message = "Message"
        case responseDescription = "ResponseDescription"
        case messageID = "MessageId"
        case messageIDList = "MessageIdList"
    }
}
