import TextFormats

extension Fault: Codable {
    /// The names of the faults in JSON, with the fields that each of them may have.
    private static let fields: [String: [String]] = [
        "reject": ["code", "status", "retryAfter"], "unreachable": [], "hang": ["for"], "slow": ["by"],
        "acceptThenClose": [], "duplicate": [], "undelivered": ["code"], "reportDelay": ["by"],
        "http": ["status", "afterProcessing"], "garbage": ["afterProcessing"], "clockSkew": ["by"],
    ]

    private static let pauses = Duration.zero ... .seconds(600)
    private static let days = Duration.zero ... .seconds(30 * 86_400)
    private static let skews = DurationText.longest * -1...DurationText.longest

    /// Reads a fault: `{"kind": "slow", "by": "3s"}`.
    ///
    /// - Throws: A `DecodingError` that names the field at fault.
    public init(from decoder: any Decoder) throws {
        let all = Set(Self.fields.values.joined()).sorted()
        let any = try StrictObject(decoder, fields: ["kind"] + all)
        let kind = try any.require(String.self, "kind")
        guard let fields = Self.fields[kind] else {
            throw any.error("kind", "must be one of \(Self.fields.keys.sorted().joined(separator: ", "))")
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
        case "hang": self = .hang(for: try object.duration("for", Self.pauses) ?? .seconds(60))
        case "slow": self = .slow(by: try Self.required("by", Self.pauses, in: object))
        case "acceptThenClose": self = .acceptThenClose
        case "duplicate": self = .duplicate
        case "undelivered": self = .undelivered(code: try Self.code(in: object) ?? "UNDELIV")
        case "reportDelay": self = .reportDelay(by: try Self.required("by", Self.days, in: object))
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
        guard code.utf8.allSatisfy({ Self.codeSymbols.contains($0) }) else {
            throw object.error("code", "must be letters, digits, dots, hyphens and underscores")
        }
        return code
    }

    private static let codeSymbols = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-".utf8)

    private enum CodingKeys: String, CodingKey {
        case kind, code, status, retryAfter, `for`, by, afterProcessing
    }

    /// Writes the fault so that it can be read again.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .reject(let code, let status, let retryAfter):
            try container.encode("reject", forKey: .kind)
            try container.encode(code, forKey: .code)
            try container.encodeIfPresent(status, forKey: .status)
            try container.encodeIfPresent(retryAfter.map(DurationText.format), forKey: .retryAfter)
        case .unreachable: try container.encode("unreachable", forKey: .kind)
        case .hang(let time):
            try container.encode("hang", forKey: .kind)
            try container.encode(DurationText.format(time), forKey: .for)
        case .slow(let delay):
            try container.encode("slow", forKey: .kind)
            try container.encode(DurationText.format(delay), forKey: .by)
        case .acceptThenClose: try container.encode("acceptThenClose", forKey: .kind)
        case .duplicate: try container.encode("duplicate", forKey: .kind)
        case .undelivered(let code):
            try container.encode("undelivered", forKey: .kind)
            try container.encode(code, forKey: .code)
        case .reportDelay(let delay):
            try container.encode("reportDelay", forKey: .kind)
            try container.encode(DurationText.format(delay), forKey: .by)
        case .http(let status, let isAfter):
            try container.encode("http", forKey: .kind)
            try container.encode(status, forKey: .status)
            try container.encode(isAfter, forKey: .afterProcessing)
        case .garbage(let isAfter):
            try container.encode("garbage", forKey: .kind)
            try container.encode(isAfter, forKey: .afterProcessing)
        case .clockSkew(let skew):
            try container.encode("clockSkew", forKey: .kind)
            try container.encode(DurationText.format(skew), forKey: .by)
        }
    }
}
