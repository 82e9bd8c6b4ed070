import Hiredis
import OTP

/// Reads the fields of a script's reply one after another; a server that answers otherwise gives an error, never a trap.
struct ScriptReply {
    /// What is thrown when a reply has not the shape that the script gives.
    static let unexpected = RedisError(code: .protocolViolation, message: "a script's reply has an unexpected shape")

    private var fields: ArraySlice<RedisReply>

    init(_ reply: RedisReply) throws {
        guard case .array(let fields) = reply else { throw Self.unexpected }
        self.fields = fields[...]
    }

    /// Reads a reply that is 1 or 0.
    static func flag(_ reply: RedisReply) throws -> Bool {
        switch reply {
        case .integer(1): true
        case .integer(0): false
        default: throw self.unexpected
        }
    }

    mutating func integer() throws -> Int64 {
        guard case .integer(let value) = self.fields.popFirst() else { throw Self.unexpected }
        return value
    }

    mutating func bytes() throws -> [UInt8] {
        guard case .bulk(let bytes) = self.fields.popFirst() else { throw Self.unexpected }
        return bytes
    }

    /// Reads milliseconds, within the 6 bytes that the scripts keep of a time: sums of them cannot overflow.
    mutating func milliseconds() throws -> Int64 {
        let value = try self.integer()
        guard 0..<(1 << 48) ~= value else { throw Self.unexpected }
        return value
    }

    mutating func time() throws -> StoreTime {
        StoreTime(milliseconds: try self.milliseconds())
    }

    /// Reads a number of guesses or messages.
    mutating func count() throws -> Int {
        let value = try self.integer()
        guard 0...255 ~= value else { throw Self.unexpected }
        return Int(value)
    }

    mutating func admission() throws -> Admission {
        let time = try self.time()
        let expiry = try self.time()
        let resend = try self.time()
        return Admission(
            time: time,
            expiresAt: expiry,
            resendAt: resend,
            attemptsRemaining: try self.count()
        )
    }

    /// Reads time, kind, index and wait; the kinds are those of `number.lua`.
    mutating func refusal<Decision>(
        _ limits: NumberLimits,
        _ make: (Refusal, StoreTime) -> Decision
    ) throws -> Decision {
        let time = try self.time()
        let kind = try self.integer()
        let index = try self.count() - 1
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
        case 5:
            return make(Refusal(.sendsPerChallenge, retryAfter: nil), time)
        default:
            throw Self.unexpected
        }
    }
}
