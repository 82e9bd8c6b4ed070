import AlibabaSMS
import FoundationEssentials
import HTTPTypes
import JSONOutput
import StrictJSON

extension RequestRecord {
    /// How many bytes of headers and parameters are kept.
    static let longestContent = 24 * 1024
    /// How many headers, and how many parameters, are kept.
    static let mostFields = 64

    /// The record of a request that is not answered yet; it gets its number from the log.
    init(_ call: GatewayCall, namespace: String, requestID: String, masking: Masking, at now: Date) {
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
        self.namespace = namespace
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

/// The parts of a gateway response that its record shows.
struct ResponseSummary: Sendable {
    let code: String?
    let reason: String?
    let messageIDs: [String]

    /// Reads the beginning of a body; the summary of a body that is no JSON is empty.
    init(_ body: [UInt8]) {
        let json = try? JSON(parsing: body, rules: .externalFormat)
        func text(_ name: String) -> String? { json?[name]?.string }
        self.code = text("Code") ?? text("ResponseCode")
        self.reason = text("Message") ?? text("ResponseDescription")
        let list = text("MessageIdList").flatMap { try? JSON(parsing: $0.utf8, rules: .externalFormat) }?.strings
        self.messageIDs = list ?? text("MessageId").map { [$0] } ?? []
    }
}
