// SPDX-License-Identifier: Apache-2.0

import Hiredis
import OTP

/// A decoder for the binary reply of a Lua script.
///
/// For a reply with an unexpected structure, the methods throw an error and never trap.
struct ScriptReply {
    /// The error for a reply with an unexpected structure.
    static let unexpected = RedisError(code: .protocolViolation, message: "a script's reply has an unexpected shape")

    private let bytes: [UInt8]
    private var position = 0

    init(_ reply: RedisReply) throws {
        guard case .bulk(let bytes) = reply else { throw Self.unexpected }
        self.bytes = bytes
    }

    /// Parses a reply that is 1 or 0.
    static func flag(_ reply: RedisReply) throws -> Bool {
        switch reply {
        case .integer(1): true
        case .integer(0): false
        default: throw self.unexpected
        }
    }

    /// Parses the reply of `verify.lua`, which is one number (``ScriptReplyLayout/Verdict``).
    static func verdict(
        _ reply: RedisReply
    ) throws -> (time: StoreTime, kind: ScriptReplyLayout.Kind, attemptsRemaining: Int) {
        typealias Verdict = ScriptReplyLayout.Verdict
        // Verdicts with a time before July 2017 are rejected, because a small number can be the reply to another command.
        guard
            case .integer(let value) = reply, (1_500_000_000_000 << Verdict.timeShift)..<(1 << 53) ~= value,
            let kind = ScriptReplyLayout.Kind(
                rawValue: Int(value >> Verdict.kindShift) & (1 << (Verdict.timeShift - Verdict.kindShift) - 1)
            )
        else { throw Self.unexpected }
        return (
            StoreTime(milliseconds: value >> Verdict.timeShift),
            kind,
            Int(value) & (1 << Verdict.kindShift - 1)
        )
    }

    /// Reads the kind, which is the first field of every binary reply.
    mutating func kind() throws -> ScriptReplyLayout.Kind {
        guard let kind = ScriptReplyLayout.Kind(rawValue: Int(try self.integer(ScriptReplyLayout.Outcome.kind))) else {
            throw Self.unexpected
        }
        return kind
    }

    /// Reads the time, which is the only field after the kind in replies such as `absent`.
    mutating func time() throws -> StoreTime {
        try self.time(ScriptReplyLayout.Outcome.time)
    }

    /// Reads the fields after the kind in the reply for an admitted send, beginning with the time.
    mutating func admission() throws -> Admission {
        typealias Field = ScriptReplyLayout.Admission
        let time = try self.time(Field.time)
        let expiry = try self.time(Field.expiry)
        let resendAt = try self.time(Field.resendAt)
        return Admission(
            time: time,
            expiresAt: expiry,
            resendAllowedAt: resendAt,
            attemptsRemaining: Int(try self.integer(Field.attemptsRemaining))
        )
    }

    /// Reads the fields after the kind in the reply of `status`, beginning with the time.
    ///
    /// The fields are those of an admission, and the number of sends.
    mutating func status() throws -> ChallengeSnapshot {
        let admission = try self.admission()
        return ChallengeSnapshot(
            time: admission.time,
            expiresAt: admission.expiresAt,
            resendAllowedAt: admission.resendAllowedAt,
            attemptsRemaining: admission.attemptsRemaining,
            sendCount: Int(try self.integer(ScriptReplyLayout.Status.sends))
        )
    }

    /// Reads the key ID, the authenticator and the sealed code.
    mutating func code() throws -> ProtectedCode {
        let keyIDLength = try self.integer(RecordLayout.ChallengeHead.keyIDLength)
        let keyID = String(decoding: try self.bytes(Int(keyIDLength)), as: UTF8.self)
        let authenticator = Array(try self.bytes(RecordLayout.authenticatorSize))
        let sealedLength = try self.integer(RecordLayout.ChallengeCounts.sealedLength)
        return ProtectedCode(
            keyID: keyID,
            authenticator: authenticator,
            sealed: Array(try self.bytes(Int(sealedLength)))
        )
    }

    /// Reads the fields after the kind in the reply for a refused send or attempt, beginning with the time.
    mutating func refusal<Decision>(
        _ limits: StoreLimits,
        _ make: (Refusal, StoreTime) -> Decision
    ) throws -> Decision {
        typealias Field = ScriptReplyLayout.Refusal
        let time = try self.time(Field.time)
        let limitKind = ScriptReplyLayout.LimitKind(rawValue: Int(try self.integer(Field.limitKind)))
        let index = Int(try self.integer(Field.limitIndex)) - 1
        let wait = Duration.milliseconds(try self.integer(Field.wait))
        switch limitKind {
        case .cooldown:
            return make(Refusal(.cooldown, retryAfter: wait), time)
        case .sends where limits.sends.indices.contains(index):
            return make(Refusal(.sends(limits.sends[index]), retryAfter: wait), time)
        case .failures where limits.failures.indices.contains(index):
            return make(Refusal(.failures(limits.failures[index]), retryAfter: wait), time)
        case .failureStreak:
            return make(Refusal(.consecutiveFailures, retryAfter: nil), time)
        case .refusedSends:
            return make(Refusal(.refusedSends, retryAfter: wait), time)
        case .sendsPerChallenge:
            return make(Refusal(.sendsPerChallenge, retryAfter: nil), time)
        case .sends, .failures, nil:
            throw Self.unexpected
        }
    }

    private mutating func time(_ field: some PackedFields) throws -> StoreTime {
        StoreTime(milliseconds: try self.integer(field))
    }

    /// Reads a number.
    ///
    /// A field has at most 6 bytes, so the sum of two numbers cannot overflow.
    private mutating func integer(_ field: some PackedFields) throws -> Int64 {
        var value: Int64 = 0
        for position in try self.range(field.size) { value = value << 8 | Int64(self.bytes[position]) }
        return value
    }

    private mutating func bytes(_ count: Int) throws -> ArraySlice<UInt8> {
        self.bytes[try self.range(count)]
    }

    /// Advances past a number of bytes, and returns the positions of these bytes.
    private mutating func range(_ count: Int) throws -> Range<Int> {
        guard count <= self.bytes.count - self.position else { throw Self.unexpected }
        defer { self.position += count }
        return self.position..<self.position + count
    }
}
