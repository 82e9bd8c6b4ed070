// SPDX-License-Identifier: Apache-2.0

import TextFormats

/// A position in the inbox of an emulator.
///
/// To read only the messages that an action causes, request a cursor before the action, and set ``InboxFilter/after`` to the
/// cursor. A cursor from an earlier run of the emulator precedes all messages of the current run.
public struct InboxCursor: Sendable, Hashable {
    /// The identifier of the emulator run.
    let run: String

    /// The ID of the last message before the position.
    let id: Int

    init(run: String, id: Int) {
        self.run = run
        self.id = id
    }
}

extension InboxCursor: LosslessStringConvertible {
    /// Parses a cursor in the format of ``description``, or returns `nil` if the text is not a cursor.
    public init?(_ description: String) {
        let parts = description.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].utf8.count),
            parts[0].utf8.allSatisfy({ $0.isASCIIDigit || $0.isASCIILowercaseLetter }),
            parts[1].utf8.allSatisfy(\.isASCIIDigit), let id = Int(parts[1])
        else { return nil }
        self.init(run: String(parts[0]), id: id)
    }

    /// The cursor as a string without blanks, such as `k3x9d7f2.17`.
    public var description: String { "\(self.run).\(self.id)" }
}

extension InboxCursor: Codable {
    /// Decodes a cursor from its ``description``.
    ///
    /// - Throws: A `DecodingError` if the string is not a cursor.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let cursor = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "is no cursor")
        }
        self = cursor
    }

    /// Encodes the cursor as its ``description``.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }
}
