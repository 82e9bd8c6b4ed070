// SPDX-License-Identifier: Apache-2.0

import TextFormats

extension Fault: Codable {
    /// The members that a fault can have in JSON besides `kind`, keyed by the kind of the fault.
    private static let fields: [String: [String]] = [
        "reject": ["code", "status", "retryAfter"], "unreachable": [], "hang": ["for"], "slow": ["by"],
        "acceptThenClose": [], "duplicate": [], "undelivered": ["code"], "reportDelay": ["by"],
        "http": ["status", "afterProcessing"], "garbage": ["afterProcessing"], "clockSkew": ["by"],
    ]

    private static let delays = Duration.zero ... .seconds(600)
    private static let reportDelays = Duration.zero ... .seconds(30 * 86_400)
    private static let skews = DurationText.longest * -1...DurationText.longest

    /// Decodes a fault such as `{"kind": "slow", "by": "3s"}`.
    ///
    /// - Throws: A `DecodingError` that names the invalid member.
    public init(from decoder: any Decoder) throws {
        let all = Set(Self.fields.values.joined()).sorted()
        let anyKind = try StrictObject(decoder, fields: ["kind"] + all)
        let kind = try anyKind.require(String.self, "kind")
        guard let fields = Self.fields[kind] else {
            throw anyKind.error("kind", "must be one of \(Self.fields.keys.sorted().joined(separator: ", "))")
        }
        let object = try StrictObject(decoder, fields: ["kind"] + fields)
        let isAfter = try object.decode(Bool.self, "afterProcessing") ?? false
        switch kind {
        case "reject":
            guard let code = try Self.code(in: object) else { throw object.error("code", "is missing") }
            self = .reject(
                code: code,
                status: try object.integer("status", 200...599),
                retryAfter: try object.duration("retryAfter", .milliseconds(1) ... .seconds(86_400))
            )
        case "unreachable": self = .unreachable
        case "hang": self = .hang(for: try object.duration("for", Self.delays) ?? .seconds(60))
        case "slow": self = .slow(by: try Self.required("by", Self.delays, in: object))
        case "acceptThenClose": self = .acceptThenClose
        case "duplicate": self = .duplicate
        case "undelivered": self = .undelivered(code: try Self.code(in: object) ?? "UNDELIV")
        case "reportDelay": self = .reportDelay(by: try Self.required("by", Self.reportDelays, in: object))
        case "http":
            guard let status = try object.integer("status", 400...599) else {
                throw object.error("status", "is missing")
            }
            self = .http(status: status, afterProcessing: isAfter)
        case "garbage": self = .garbage(afterProcessing: isAfter)
        default: self = .clockSkew(by: try Self.required("by", Self.skews, in: object))
        }
    }

    private static func required(
        _ name: String,
        _ range: ClosedRange<Duration>,
        in object: StrictObject
    ) throws -> Duration {
        guard let duration = try object.duration(name, range) else { throw object.error(name, "is missing") }
        return duration
    }

    private static func code(in object: StrictObject) throws -> String? {
        guard let code = try object.text("code", 1...64) else { return nil }
        guard code.utf8.allSatisfy({ $0.isASCIIAlphanumeric || "._-".utf8.contains($0) }) else {
            throw object.error("code", "must be letters, digits, dots, hyphens and underscores")
        }
        return code
    }

    private enum CodingKeys: String, CodingKey {
        case kind, code, status, retryAfter, `for`, by, afterProcessing
    }

    /// Encodes the fault in the format of ``init(from:)``.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.description, forKey: .kind)
        switch self.effect {
        case .unreachable, .acceptThenClose, .duplicate: break
        case .reject(let code, let status, let retryAfter):
            try container.encode(code, forKey: .code)
            try container.encodeIfPresent(status, forKey: .status)
            try container.encodeIfPresent(retryAfter.map(DurationText.format), forKey: .retryAfter)
        case .hang(let duration):
            try container.encode(DurationText.format(duration), forKey: .for)
        case .slow(let duration), .reportDelay(let duration), .clockSkew(let duration):
            try container.encode(DurationText.format(duration), forKey: .by)
        case .undelivered(let code):
            try container.encode(code, forKey: .code)
        case .http(let status, let afterProcessing):
            try container.encode(status, forKey: .status)
            try container.encode(afterProcessing, forKey: .afterProcessing)
        case .garbage(let afterProcessing):
            try container.encode(afterProcessing, forKey: .afterProcessing)
        }
    }
}
