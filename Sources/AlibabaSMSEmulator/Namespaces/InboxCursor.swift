/// A place between two messages of an emulator, taken before an action so that only what follows it is read.
///
/// A cursor of an earlier run of the emulator is before every message, since numbers begin again with each run.
public struct InboxCursor: Sendable, Hashable {
    /// Which run of which emulator the cursor belongs to.
    let run: String

    /// The number of the last message before the cursor.
    let id: Int

    init(run: String, id: Int) {
        self.run = run
        self.id = id
    }
}

extension InboxCursor: LosslessStringConvertible {
    /// Reads a cursor as ``description`` writes it.
    public init?(_ description: String) {
        let parts = description.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].utf8.count),
            parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }),
            parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let id = Int(parts[1])
        else { return nil }
        self.init(run: String(parts[0]), id: id)
    }

    /// The cursor as a text without blanks, such as `k3x9d7f2.17`.
    public var description: String { "\(self.run).\(self.id)" }
}

extension InboxCursor: Codable {
    /// Reads a cursor.
    ///
    /// - Throws: A `DecodingError` if the text is none.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let cursor = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "is no cursor")
        }
        self = cursor
    }

    /// Writes the cursor.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }
}
