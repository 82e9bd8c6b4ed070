// SPDX-License-Identifier: Apache-2.0

/// The layout of a phone-number record: the only definition of its offsets, sizes and formats.
///
/// `Docs/Record.md` describes it. Header, sends and challenges come first. The tail follows: a state, then a time and a state
/// for each failure. A change of the layout needs another ``version``.
enum RecordLayout {
    /// The last byte of every record.
    static let version = 3

    /// The size of a time in bytes: milliseconds since 1970 until the year 10889.
    static let timeSize = 6

    /// The size of an authenticator in bytes.
    static let authenticatorSize = 32

    /// The first fields; the sends follow.
    enum Header: String, PackedFields {
        case cooldownStep = "cooldown_step"
        case sendsLength = "sends_length"

        static var endsWithLength: Bool { true }
        var size: Int { self == .sendsLength ? 2 : 1 }
    }

    /// The fields before the send times, present only after a refused send.
    enum Refusals: String, PackedFields {
        case refusedSends = "refused_sends"
        case lastRefusal = "last_refusal"

        var size: Int { self == .lastRefusal ? RecordLayout.timeSize : 1 }
    }

    /// One send.
    enum Send: String, PackedFields {
        case time

        var size: Int { RecordLayout.timeSize }
    }

    /// The first fields of a challenge; the key ID and the authenticator follow.
    enum ChallengeHead: String, PackedFields {
        case id
        case check
        case keyIDLength = "key_id_length"

        var size: Int { self == .keyIDLength ? 1 : 16 }
    }

    /// The fields of a challenge after its authenticator; the sealed code follows.
    enum ChallengeCounts: String, PackedFields {
        case attemptsRemaining = "attempts_remaining"
        case attemptsMade = "attempts_made"
        case expiry
        case sends
        case sealedLength = "sealed_length"

        static var endsWithLength: Bool { true }
        var size: Int { self == .expiry ? RecordLayout.timeSize : 1 }
    }

    /// The state at the end of the record and after each failure; only the last state counts.
    enum State: String, PackedFields {
        case failureCount = "failure_count"
        case countsPosition = "counts_position"
        case attemptsRemaining = "attempts_remaining"
        case attemptsMade = "attempts_made"
        case expiry
        case failureStreak = "failure_streak"
        case version

        var size: Int {
            switch self {
            case .countsPosition: 3
            case .expiry: RecordLayout.timeSize
            default: 1
            }
        }
    }

    /// The size of a failure: its time and the state after it.
    static var failureSize: Int { Self.timeSize + State.size }

    /// The constants of the layout for the scripts.
    static var constants: [String: String] {
        func zeros(_ count: Int) -> String { String(repeating: #"\0"#, count: count) }
        let attempts: [ChallengeCounts] = [.attemptsRemaining, .attemptsMade, .expiry]
        let groups: [[String: String]] = [
            Header.constants("HEADER"), Refusals.constants("REFUSALS"), Send.constants("SEND"),
            ChallengeHead.constants("HEAD"), ChallengeCounts.constants("COUNTS"), State.constants("STATE"),
            [
                "RECORD.version": "\(Self.version)",
                "AUTHENTICATOR.size": "\(Self.authenticatorSize)",
                "COUNTS.attempts_format": "'>\(ChallengeCounts.letters(of: attempts))'",
                "FAILURE.size": "\(Self.failureSize)",
                "FAILURE.format": "'>\(Send.letters)\(State.letters)'",
                "SEND.zeros": "'\(zeros(Send.size))'",
                // A state without counts of a challenge and without a streak, after its number of failures.
                "STATE.cleared": "'\(zeros(State.version.offset - State.countsPosition.offset))\\\(Self.version)'",
            ],
        ]
        return groups.reduce(into: [:]) { $0.merge($1) { _, new in new } }
    }
}
