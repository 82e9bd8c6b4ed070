// SPDX-License-Identifier: Apache-2.0

/// The layout of a phone-number record, which defines all of its offsets, sizes and formats.
///
/// `Docs/Record.md` describes the layout. A record begins with the header, the sends and the challenges. The tail follows: a
/// state, and then a time and a state for each failure. Every change of the layout requires another ``version``.
enum RecordLayout {
    /// The last byte of every record.
    static let version = 3

    /// The size of a time in bytes.
    ///
    /// Times are milliseconds since 1970, and the largest is in the year 10889.
    static let timeSize = 6

    /// The size of an authenticator in bytes.
    static let authenticatorSize = 32

    /// The first fields of a record.
    ///
    /// The sends follow them.
    enum Header: String, PackedFields {
        case cooldownStep = "cooldown_step"
        case sendsLength = "sends_length"

        static var endsWithLength: Bool { true }
        var size: Int { self == .sendsLength ? 2 : 1 }
    }

    /// The fields before the send times, which are present only after a rejected send.
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

    /// The first fields of a challenge.
    ///
    /// The key ID and the authenticator follow them.
    enum ChallengeHead: String, PackedFields {
        case id
        case check
        case keyIDLength = "key_id_length"

        var size: Int { self == .keyIDLength ? 1 : 16 }
    }

    /// The fields of a challenge after its authenticator.
    ///
    /// The sealed code follows them.
    enum ChallengeCounts: String, PackedFields {
        case attemptsRemaining = "attempts_remaining"
        case attemptsMade = "attempts_made"
        case expiry
        case sends
        case sealedLength = "sealed_length"

        static var endsWithLength: Bool { true }
        var size: Int { self == .expiry ? RecordLayout.timeSize : 1 }
    }

    /// The state, which is at the end of the record and after each failure.
    ///
    /// Only the last state applies.
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

    /// The size of a failure, which consists of its time and the state after it.
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
                // The part of a state after its number of failures, without counts of a challenge and without a streak.
                "STATE.cleared": "'\(zeros(State.version.offset - State.countsPosition.offset))\\\(Self.version)'",
            ],
        ]
        return groups.reduce(into: [:]) { $0.merge($1) { _, new in new } }
    }
}
