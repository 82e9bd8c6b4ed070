// SPDX-License-Identifier: Apache-2.0

/// The layout of a phone-number record, which defines all offsets, sizes and formats of the record.
///
/// `Docs/Record.md` describes the layout. A record consists of the header, the sends, the challenges and the tail. The tail is
/// a state, followed by the time and the state of each failure. Every change of the layout requires another ``version``.
enum RecordLayout {
    /// The version of the layout, which is the last byte of every record.
    static let version = 3

    /// The size of a time in bytes.
    ///
    /// A time is the number of milliseconds since 1970. The largest time is in the year 10889.
    static let timeSize = 6

    /// The size of an authenticator in bytes.
    static let authenticatorSize = 32

    /// The first fields of a record, before the sends.
    enum Header: String, PackedFields {
        case cooldownStep = "cooldown_step"
        case sendsLength = "sends_length"

        static var endsWithLength: Bool { true }
        var size: Int { self == .sendsLength ? 2 : 1 }
    }

    /// The fields before the send times, which are present only if the gateway has rejected a send.
    enum Refusals: String, PackedFields {
        case refusedSends = "refused_sends"
        case lastRefusal = "last_refusal"

        var size: Int { self == .lastRefusal ? RecordLayout.timeSize : 1 }
    }

    /// The fields of one send.
    enum Send: String, PackedFields {
        case time

        var size: Int { RecordLayout.timeSize }
    }

    /// The first fields of a challenge, before its key ID and its authenticator.
    enum ChallengeHead: String, PackedFields {
        case id
        case check
        case keyIDLength = "key_id_length"

        var size: Int { self == .keyIDLength ? 1 : 16 }
    }

    /// The fields of a challenge between its authenticator and its sealed code.
    enum ChallengeCounts: String, PackedFields {
        case attemptsRemaining = "attempts_remaining"
        case attemptsMade = "attempts_made"
        case expiry
        case sends
        case sealedLength = "sealed_length"

        static var endsWithLength: Bool { true }
        var size: Int { self == .expiry ? RecordLayout.timeSize : 1 }
    }

    /// A state of the record.
    ///
    /// A record contains a state before the failures, and a state after each failure. Only the last state applies.
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

    /// The size of a failure in bytes.
    ///
    /// A failure consists of its time and the state after it.
    static var failureSize: Int { Self.timeSize + State.size }

    /// The constants of the layout, by name, for the scripts.
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
                // The end of a state after its number of failures, with zero counts and a zero failure streak.
                "STATE.cleared": "'\(zeros(State.version.offset - State.countsPosition.offset))\\\(Self.version)'",
            ],
        ]
        return groups.reduce(into: [:]) { $0.merge($1) { _, new in new } }
    }
}
