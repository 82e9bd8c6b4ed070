// SPDX-License-Identifier: Apache-2.0

/// The binary layout of a phone-number record: all offsets, sizes and formats.
///
/// `Docs/Record.md` describes the layout. A record consists of a header, the sends, the challenges and a tail. The tail begins
/// with a ``State``. Each failed attempt adds its time and another ``State`` to the tail. Every change of the layout requires a
/// new ``version``.
enum RecordLayout {
    /// The version of the layout, which is the last byte of every record.
    static let version = 3

    /// The size of a time in bytes.
    ///
    /// A time is the number of milliseconds since 1970. The largest time is in the year 10889.
    static let timeSize = 6

    /// The size of an authenticator (the keyed hash of a code) in bytes.
    static let authenticatorSize = 32

    /// The first fields of a record, before the sends.
    enum Header: String, PackedFields {
        case cooldownStep = "cooldown_step"
        case sendsLength = "sends_length"

        static var endsWithLength: Bool { true }
        var size: Int { self == .sendsLength ? 2 : 1 }
    }

    /// The fields for rejected sends, before the send times.
    ///
    /// They exist only if the gateway has rejected a send.
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

    /// The fields of a state: the counts of one challenge, and the failure streak (the number of consecutive failed attempts).
    ///
    /// The tail of a record begins with a state. Each failed attempt adds another state with the new counts. Only the last
    /// state is current.
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

    /// The size of a failed attempt in bytes.
    ///
    /// A failed attempt is stored as its time and the state after the attempt.
    static var failureSize: Int { Self.timeSize + State.size }

    /// The constants of the layout for the Lua scripts, keyed by name.
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
                // The fields of a state after `failure_count`, with the counts and the failure streak set to 0.
                "STATE.cleared": "'\(zeros(State.version.offset - State.countsPosition.offset))\\\(Self.version)'",
            ],
        ]
        return groups.reduce(into: [:]) { $0.merge($1) { _, new in new } }
    }
}
