import Hiredis
import OTP

/// Reads a script's reply, fields packed into one string with the most significant byte first; a server that answers
/// otherwise gives an error, never a trap.
struct ScriptReply {
    /// What is thrown when a reply has not the shape that the script gives.
    static let unexpected = RedisError(code: .protocolViolation, message: "a script's reply has an unexpected shape")

    private var bytes: ArraySlice<UInt8>

    init(_ reply: RedisReply) throws {
        guard case .bulk(let bytes) = reply else { throw Self.unexpected }
        self.bytes = bytes[...]
    }

    /// Reads a reply that is 1 or 0.
    static func flag(_ reply: RedisReply) throws -> Bool {
        switch reply {
        case .integer(1): true
        case .integer(0): false
        default: throw self.unexpected
        }
    }

    /// Reads a reply of `verify.lua` that is one number: the time, 3 bits for its kind and 5 for the attempts.
    static func verdict(_ reply: RedisReply) throws -> (time: StoreTime, kind: Int, attempts: Int) {
        // A time before July 2017 is none: the small numbers that other commands answer with must not be an acceptance.
        guard case .integer(let value) = reply, (1_500_000_000_000 << 8)..<(1 << 53) ~= value else {
            throw Self.unexpected
        }
        return (StoreTime(milliseconds: value >> 8), Int(value >> 5 & 7), Int(value & 31))
    }

    /// Reads a number from 0 to 255.
    mutating func byte() throws -> Int {
        guard let byte = self.bytes.popFirst() else { throw Self.unexpected }
        return Int(byte)
    }

    /// Reads milliseconds, 6 bytes: sums of them cannot overflow.
    mutating func milliseconds() throws -> Int64 {
        try self.bytes(6).reduce(0) { $0 << 8 | Int64($1) }
    }

    mutating func time() throws -> StoreTime {
        StoreTime(milliseconds: try self.milliseconds())
    }

    mutating func bytes(_ count: Int) throws -> ArraySlice<UInt8> {
        guard self.bytes.count >= count else { throw Self.unexpected }
        defer { self.bytes.removeFirst(count) }
        return self.bytes.prefix(count)
    }

    mutating func admission() throws -> Admission {
        let time = try self.time()
        let expiry = try self.time()
        let resend = try self.time()
        return Admission(
            time: time,
            expiresAt: expiry,
            resendAt: resend,
            attemptsRemaining: try self.byte()
        )
    }

    /// Reads key id, authenticator and sealed code.
    mutating func code() throws -> ProtectedCode {
        let key = String(decoding: try self.bytes(self.byte()), as: UTF8.self)
        let authenticator = Array(try self.bytes(32))
        return ProtectedCode(keyID: key, authenticator: authenticator, sealed: Array(try self.bytes(self.byte())))
    }

    /// Reads time, kind, index and wait; the kinds are those of `limits.lua`.
    mutating func refusal<Decision>(
        _ limits: StoreLimits,
        _ make: (Refusal, StoreTime) -> Decision
    ) throws -> Decision {
        let time = try self.time()
        let kind = try self.byte()
        let index = try self.byte() - 1
        let wait = Duration.milliseconds(try self.milliseconds())
        switch kind {
        case 1:
            return make(Refusal(.cooldown, retryAfter: wait), time)
        case 2 where limits.sends.indices.contains(index):
            return make(Refusal(.sends(limits.sends[index]), retryAfter: wait), time)
        case 3 where limits.failures.indices.contains(index):
            return make(Refusal(.failures(limits.failures[index]), retryAfter: wait), time)
        case 4:
            return make(Refusal(.consecutiveFailures, retryAfter: nil), time)
        case 6:
            return make(Refusal(.refusedSends, retryAfter: wait), time)
        case 5:
            return make(Refusal(.sendsPerChallenge, retryAfter: nil), time)
        default:
            throw Self.unexpected
        }
    }
}
