package import Hiredis
public import OTP

/// A store in Redis, shared by every process that uses the same server.
///
/// Each step is one Lua script on keys of one slot, so one round trip and atomic; time is the server's. While an index key is
/// being replaced, one pipelined read before the script finds the record of the number. Nothing that the store writes leads
/// to a number or a code, and every key that it writes has an expiry.
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
    package init(client: RedisClient, prefix: String = "otp") {
        precondition(!prefix.contains { "{}".contains($0) }, "the prefix of keys has a brace")
        self.client = client
        self.keys = KeySchema(prefix: prefix)
    }

    /// Admits the first message of a new challenge and stores the challenge, or does neither.
    public func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> IssueDecision {
        let reply = try await self.client.evaluate(
            self.cache.scripts(for: limits).issue,
            keys: [self.keys.number(try await self.records(of: number).used)],
            arguments: [.bytes(challenge.head(code.keyID, code.authenticator)), .bytes(code.sealed)]
        )
        var fields = try ScriptReply(reply)
        switch try fields.byte() {
        case 0: return .admitted(try fields.admission())
        case 1: return try fields.refusal(limits) { .refused($0, at: $1) }
        default: throw ScriptReply.unexpected
        }
    }

    /// Counts a attempt, compares it, and consumes the challenge if it is right.
    public func verify(
        _ attempt: Attempt,
        of challenge: ChallengeReference,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> VerifyDecision {
        var arguments = attempt.candidates.map { RedisArgument.bytes(challenge.head($0.keyID, $0.authenticator)) }
        if arguments.isEmpty {
            // No key has an empty name: the challenge is found, and its key is not.
            arguments.append(.bytes(challenge.head("", [UInt8](repeating: 0, count: 32))))
        }
        let records = try await self.records(of: number)
        let reply = try await self.client.evaluate(
            self.cache.scripts(for: limits).verify,
            keys: [self.keys.number(records.used)],
            arguments: arguments
        )
        if case .bulk = reply {
            var fields = try ScriptReply(reply)
            guard try fields.byte() == 3 else { throw ScriptReply.unexpected }
            return try fields.refusal(limits) { .locked($0, at: $1) }
        }
        let (time, kind, attempts) = try ScriptReply.verdict(reply)
        switch kind {
        case 0:
            if !records.unused.isEmpty {
                try await self.evaluate(self.cache.scripts(for: limits).succeed, on: records.unused)
            }
            return .matched(at: time)
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
        code: ResendCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ResendDecision {
        let reply = try await self.client.evaluate(
            self.cache.scripts(for: limits).resend,
            keys: [self.keys.number(try await self.records(of: number).used)],
            arguments: challenge.arguments(code)
        )
        var fields = try ScriptReply(reply)
        switch try fields.byte() {
        case 0:
            let admission = try fields.admission()
            return .admitted(admission, try fields.code())
        case 1: return try fields.refusal(limits) { .refused($0, at: $1) }
        case 2: return .exhausted(at: try fields.time())
        case 4: return .absent(at: try fields.time())
        case 5: return .unknownKey(at: try fields.time())
        default: throw ScriptReply.unexpected
        }
    }

    /// Gives back a message that certainly was not sent.
    public func release(_ reservation: SendReservation, for number: PhoneNumberIndexes, limits: StoreLimits)
        async throws
    {
        let records = try await self.records(of: number)
        for index in [records.used] + records.unused {
            let reply = try await self.client.evaluate(
                self.cache.scripts(for: limits).release,
                keys: [self.keys.number(index)],
                arguments: [
                    .bytes(reservation.challenge.bytes), .integer(reservation.time.milliseconds),
                    reservation.kind == .resend ? 1 : 0, records.unused.isEmpty ? 0 : 1,
                ]
            )
            if try ScriptReply.flag(reply) { return }
        }
    }

    /// Deletes a challenge; the message that was sent for it stays counted.
    public func cancel(
        _ challenge: ChallengeID,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> Bool {
        let script = self.cache.scripts(for: limits).cancel
        let records = try await self.records(of: number)
        let replies = try await Self.concurrently([records.used] + records.unused) { index in
            let keys = [self.keys.number(index)]
            let reply = try await self.client.evaluate(script, keys: keys, arguments: [.bytes(challenge.bytes)])
            return try ScriptReply.flag(reply)
        }
        return replies.contains(true)
    }

    /// Tells how a live challenge stands, and changes nothing.
    public func status(
        of challenge: ChallengeID,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ChallengeStatus? {
        let reply = try await self.client.evaluate(
            self.cache.scripts(for: limits).status,
            keys: [self.keys.number(try await self.records(of: number).used)],
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

    /// Forgets all wrong attempts for a number.
    public func unlock(_ number: PhoneNumberIndexes, limits: StoreLimits) async throws {
        // Without a look at which records exist, so that one which is being created is not missed.
        try await self.evaluate(self.cache.scripts(for: limits).unlock, on: number.all)
    }

    /// Marks a proof as used, if it is not used already and has not expired.
    public func redeem(proof: [UInt8], expiringAt expiry: StoreTime, lifetime: Duration) async throws -> Bool {
        let reply = try await self.client.evaluate(
            Scripts.redeem,
            keys: [self.keys.proof(proof)],
            arguments: [
                .integer(expiry.milliseconds), .integer(StoreTime.longestRemainder(ofProofWith: lifetime).milliseconds),
            ]
        )
        return try ScriptReply.flag(reply)
    }

    /// Finds the record that a step works on, with one pipelined read while an index key is being replaced.
    ///
    /// The indexes of a number are in different slots, so the script cannot look for them itself.
    private func records(of number: PhoneNumberIndexes) async throws -> PhoneNumberRecords {
        guard !number.others.isEmpty else { return PhoneNumberRecords(used: number.current) }
        let existing = try await Self.concurrently(number.all) { index in
            try ScriptReply.flag(try await self.client.send("EXISTS", .text(self.keys.number(index)))) ? index : nil
        }
        return number.records(existing: existing.compactMap(\.self))
    }

    /// Runs a script that needs no arguments on the records under some indexes, all at the same time.
    private func evaluate(_ script: RedisScript, on indexes: [PhoneNumberIndex]) async throws {
        guard !indexes.isEmpty else { return }
        _ = try await Self.concurrently(indexes) { index in
            try await self.client.evaluate(script, keys: [self.keys.number(index)], arguments: [""])
        }
    }

    /// Does the same for each of a few indexes, so that their commands leave in one write.
    private static func concurrently<Result: Sendable>(
        _ indexes: [PhoneNumberIndex],
        _ body: @escaping @Sendable (PhoneNumberIndex) async throws -> Result
    ) async throws -> [Result] {
        if let index = indexes.first, indexes.count == 1 { return [try await body(index)] }
        return try await withThrowingTaskGroup(of: Result.self) { group in
            for index in indexes { group.addTask { try await body(index) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}

extension ChallengeReference {
    /// Identifier and check, as a record holds them.
    fileprivate var bytes: [UInt8] { self.id.bytes + self.check }

    /// The arguments of `resend_check.lua`.
    fileprivate func arguments(_ code: ResendCode) -> [RedisArgument] {
        switch code {
        case .new(let code):
            [.bytes(self.head(code.keyID, code.authenticator)), .bytes(code.sealed)]
        case .same(let length, let keyIDs):
            [.bytes(self.bytes), .integer(Int64(length))]
                + keyIDs.map { .bytes([UInt8(truncatingIfNeeded: $0.utf8.count)] + Array($0.utf8)) }
        }
    }

    /// With the name of a key and the authenticator that it gave: what a record holds of a challenge before its counts.
    fileprivate func head(_ keyID: String, _ authenticator: [UInt8]) -> [UInt8] {
        var head: [UInt8] = []
        // The name has at most 32 ASCII characters.
        head.reserveCapacity(97)
        head += self.id.bytes
        head += self.check
        head.append(UInt8(truncatingIfNeeded: keyID.utf8.count))
        head += keyID.utf8
        head += authenticator
        return head
    }
}
