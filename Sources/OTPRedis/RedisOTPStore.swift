public import Hiredis
public import OTP

/// A store in Redis, shared by every process that uses the same server.
///
/// Each step is one Lua script on keys of one slot, so one round trip and atomic; time is the server's. Nothing that it
/// writes leads to a number or a code, and every key that it writes has an expiry.
///
/// The server must not evict keys: run it with `maxmemory-policy noeviction`, since an evicted counter is a lifted limit.
public struct RedisOTPStore: OTPStore {
    private let client: RedisClient
    private let keys: KeySchema
    private let cache = ScriptCache()

    /// Creates a store.
    ///
    /// - Parameters:
    ///   - client: The connection to the server.
    ///   - prefix: What the names of all keys begin with; without braces, which would decide where a cluster puts a key.
    public init(client: RedisClient, prefix: String = "otp") {
        precondition(!prefix.contains { "{}".contains($0) }, "the prefix of keys has a brace")
        self.client = client
        self.keys = KeySchema(prefix: prefix)
    }

    /// Admits the first message of a new challenge and stores the challenge, or does neither.
    public func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: NumberIndex,
        limits: NumberLimits
    ) async throws -> IssueDecision {
        let reply = try await self.client.evaluate(
            self.cache.scripts(for: limits).issue,
            keys: [self.keys.number(number)],
            arguments: [.bytes(challenge.head(code.keyID, code.authenticator)), .bytes(code.sealed)]
        )
        var fields = try ScriptReply(reply)
        switch try fields.byte() {
        case 0: return .admitted(try fields.admission())
        case 1: return try fields.refusal(limits) { .refused($0, at: $1) }
        default: throw ScriptReply.unexpected
        }
    }

    /// Counts a guess, compares it, and consumes the challenge if it is right.
    public func verify(
        _ guess: Guess,
        of challenge: ChallengeReference,
        for number: NumberIndex,
        limits: NumberLimits
    ) async throws -> VerifyDecision {
        var arguments = guess.candidates.map { RedisArgument.bytes(challenge.head($0.keyID, $0.authenticator)) }
        if arguments.isEmpty {
            // No key has an empty name: the challenge is found, and its key is not.
            arguments.append(.bytes(challenge.head("", [UInt8](repeating: 0, count: 32))))
        }
        let reply = try await self.client.evaluate(
            self.cache.scripts(for: limits).verify,
            keys: [self.keys.number(number)],
            arguments: arguments
        )
        if case .bulk = reply {
            var fields = try ScriptReply(reply)
            guard try fields.byte() == 3 else { throw ScriptReply.unexpected }
            return try fields.refusal(limits) { .locked($0, at: $1) }
        }
        let (time, kind, attempts) = try ScriptReply.verdict(reply)
        switch kind {
        case 0: return .matched(at: time)
        case 1: return .mismatched(attemptsRemaining: attempts, at: time)
        case 2: return .exhausted(at: time)
        case 4: return .absent(at: time)
        case 5: return .unknownKey(at: time)
        default: throw ScriptReply.unexpected
        }
    }

    /// Admits a further message of a challenge, or changes nothing.
    public func resend(
        _ challenge: ChallengeReference,
        renewal: ProtectedCode?,
        for number: NumberIndex,
        limits: NumberLimits
    ) async throws -> ResendDecision {
        let reply = try await self.client.evaluate(
            self.cache.scripts(for: limits).resend,
            keys: [self.keys.number(number)],
            arguments: renewal.map { [.bytes(challenge.head($0.keyID, $0.authenticator)), .bytes($0.sealed)] }
                ?? [.bytes(challenge.bytes)]
        )
        var fields = try ScriptReply(reply)
        switch try fields.byte() {
        case 0:
            let admission = try fields.admission()
            return .admitted(admission, try fields.code())
        case 1: return try fields.refusal(limits) { .refused($0, at: $1) }
        case 2: return .exhausted(at: try fields.time())
        case 4: return .absent(at: try fields.time())
        default: throw ScriptReply.unexpected
        }
    }

    /// Gives back a message that certainly was not sent.
    public func refund(_ dispatch: Dispatch, for number: NumberIndex, limits: NumberLimits) async throws {
        _ = try await self.client.evaluate(
            self.cache.scripts(for: limits).refund,
            keys: [self.keys.number(number)],
            arguments: [
                .bytes(dispatch.challenge.bytes), .integer(dispatch.time.milliseconds),
                dispatch.kind == .further ? 1 : 0,
            ]
        )
    }

    /// Deletes a challenge; the message that was sent for it stays counted.
    public func cancel(
        _ challenge: ChallengeReference,
        for number: NumberIndex,
        limits: NumberLimits
    ) async throws -> Bool {
        let reply = try await self.client.evaluate(
            self.cache.scripts(for: limits).cancel,
            keys: [self.keys.number(number)],
            arguments: [.bytes(challenge.bytes)]
        )
        return try ScriptReply.flag(reply)
    }

    /// Tells how a live challenge stands, and changes nothing.
    public func status(
        of challenge: ChallengeReference,
        for number: NumberIndex,
        limits: NumberLimits
    ) async throws -> ChallengeStatus? {
        let reply = try await self.client.evaluate(
            self.cache.scripts(for: limits).status,
            keys: [self.keys.number(number)],
            arguments: [.bytes(challenge.bytes)]
        )
        var fields = try ScriptReply(reply)
        switch try fields.byte() {
        case 0:
            let admission = try fields.admission()
            return ChallengeStatus(
                time: admission.time,
                expiresAt: admission.expiresAt,
                resendAt: admission.resendAt,
                attemptsRemaining: admission.attemptsRemaining,
                sends: try fields.byte()
            )
        case 4: return nil
        default: throw ScriptReply.unexpected
        }
    }

    /// Forgets all wrong guesses for a number.
    public func unlock(_ number: NumberIndex, limits: NumberLimits) async throws {
        _ = try await self.client.evaluate(
            self.cache.scripts(for: limits).unlock,
            keys: [self.keys.number(number)],
            arguments: [""]
        )
    }

    /// Takes over what was counted for a number under an earlier pseudonym.
    ///
    /// The two pseudonyms lie in different slots, so this is two steps. Between them another caller may do the same: what
    /// both hold counts once.
    public func adopt(_ earlier: NumberIndex, as number: NumberIndex, limits: NumberLimits) async throws {
        let key = self.keys.number(earlier)
        guard case .bulk(let record) = try await self.client.send("GET", [.text(key)]) else { return }
        _ = try await self.client.evaluate(
            self.cache.scripts(for: limits).merge,
            keys: [self.keys.number(number)],
            arguments: ["", .bytes(record)]
        )
    }

    /// Marks a proof as used, if it is not used already and has not expired.
    public func redeem(proof: [UInt8], expiringAt expiry: StoreTime) async throws -> Bool {
        let reply = try await self.client.evaluate(
            Scripts.redeem,
            keys: [self.keys.proof(proof)],
            arguments: [.integer(expiry.milliseconds)]
        )
        return try ScriptReply.flag(reply)
    }
}

extension ChallengeReference {
    /// Identifier and check, as a record holds them.
    fileprivate var bytes: [UInt8] { self.id + self.check }

    /// With the name of a key and the authenticator that it gave: what a record holds of a challenge before its counts.
    fileprivate func head(_ keyID: String, _ authenticator: [UInt8]) -> [UInt8] {
        var head: [UInt8] = []
        // The name has at most 32 ASCII characters.
        head.reserveCapacity(97)
        head += self.id
        head += self.check
        head.append(UInt8(truncatingIfNeeded: keyID.utf8.count))
        head += keyID.utf8
        head += authenticator
        return head
    }
}
