// SPDX-License-Identifier: Apache-2.0

/// The binary layout of the scripts' replies: all kinds, fields and formats.
enum ScriptReplyLayout {
    /// The kind of a reply.
    ///
    /// The kind is the first byte of a binary reply, or 3 bits of the number that `verify` returns (``Verdict``).
    enum Kind: Int, CaseIterable {
        /// A send was admitted, a code matched, or a challenge was found.
        case success = 0
        case refused = 1
        case exhausted = 2
        case locked = 3
        case absent = 4
        case unknownKey = 5
        case mismatched = 6

        fileprivate var name: String {
            switch self {
            case .success: "success"
            case .refused: "refused"
            case .exhausted: "exhausted"
            case .locked: "locked"
            case .absent: "absent"
            case .unknownKey: "unknown_key"
            case .mismatched: "mismatched"
            }
        }
    }

    /// The kind of limit that refused a send or an attempt.
    ///
    /// The cases are the limits in `OTPLimits`.
    enum LimitKind: Int, CaseIterable {
        case cooldown = 1
        case sends = 2
        case failures = 3
        case failureStreak = 4
        case sendsPerChallenge = 5
        case refusedSends = 6

        fileprivate var name: String {
            switch self {
            case .cooldown: "cooldown"
            case .sends: "sends"
            case .failures: "failures"
            case .failureStreak: "failure_streak"
            case .sendsPerChallenge: "sends_per_challenge"
            case .refusedSends: "refused_sends"
            }
        }
    }

    /// The fields of a reply that contains only an outcome, such as the reply for an absent challenge.
    enum Outcome: String, PackedFields {
        case kind, time

        var size: Int { self == .time ? RecordLayout.timeSize : 1 }
    }

    /// The fields of the reply if a limit refused the send or the attempt.
    enum Refusal: String, PackedFields {
        case kind, time
        case limitKind = "limit_kind"
        /// The position of the full time window in the limit's list of windows, counted from 1.
        ///
        /// If several windows are full, the position belongs to the window with the longest wait. The value is 0 for a limit
        /// without windows.
        case limitIndex = "limit_index"
        /// The number of milliseconds until the limit no longer refuses the send or the attempt; 0 if waiting does not help.
        case wait

        var size: Int { self == .time || self == .wait ? RecordLayout.timeSize : 1 }
    }

    /// The fields of the reply if a send was admitted.
    enum Admission: String, PackedFields {
        case kind, time, expiry
        case resendAt = "resend_at"
        case attemptsRemaining = "attempts_remaining"

        var size: Int { self == .kind || self == .attemptsRemaining ? 1 : RecordLayout.timeSize }
    }

    /// The fields of the reply of `status`: the fields of an admission, and the number of sends.
    enum Status: String, PackedFields {
        case kind, time, expiry
        case resendAt = "resend_at"
        case attemptsRemaining = "attempts_remaining"
        case sends

        var size: Int {
            switch self {
            case .time, .expiry, .resendAt: RecordLayout.timeSize
            case .kind, .attemptsRemaining, .sends: 1
            }
        }
    }

    /// The reply of `verify`, encoded as one number for speed.
    ///
    /// The number consists of the time (the highest bits), the kind (3 bits) and the remaining attempts (5 bits).
    enum Verdict {
        static let kindShift = 5
        static let timeShift = 8
    }

    /// The constants of the replies for the Lua scripts, keyed by name.
    static var constants: [String: String] {
        var constants = [
            "VERDICT.kind": "\(1 << Verdict.kindShift)",
            "VERDICT.time": "\(1 << Verdict.timeShift)",
        ]
        for kind in Kind.allCases { constants["REPLY.\(kind.name)"] = "\(kind.rawValue)" }
        for kind in LimitKind.allCases { constants["LIMIT.\(kind.name)"] = "\(kind.rawValue)" }
        for group in [
            Outcome.constants("OUTCOME"), Refusal.constants("REFUSAL"), Admission.constants("ADMISSION"),
            Status.constants("STATUS"),
        ] {
            constants.merge(group) { _, new in new }
        }
        return constants
    }
}
