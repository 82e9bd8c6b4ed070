// SPDX-License-Identifier: Apache-2.0

import Hiredis
public import OTP

extension RedisOTPStore: OTPStore, ProofStore {
    /// Returns the current epoch, usually without I/O.
    ///
    /// An epoch is a period in which no server's clock was set back.
    ///
    /// While the store is in use, it checks the clocks of all primaries every 10 seconds. If a clock was set back by more than
    /// 30 seconds, a new epoch starts in all processes. The first call waits for a check. A call more than 30 seconds after the
    /// last check also waits.
    ///
    /// - Returns: The epoch.
    /// - Throws: `RedisError` if no clock check has succeeded yet.
    public func clockEpoch() async throws -> ClockEpoch {
        try await self.clock.epoch()
    }

    /// Returns the time of the server's clock, usually without I/O.
    ///
    /// The result is the time of the last clock check, plus the elapsed time on the monotonic clock of this process. In a
    /// cluster, the result is the time of the primary that is furthest ahead.
    ///
    /// - Returns: The time. The result can be `nil` after a clock was set back, until the next clock check of this process.
    /// - Throws: `RedisError` if no clock check has succeeded yet.
    public func currentTime() async throws -> StoreTime? {
        try await self.clock.time()
    }

    /// Stores a new challenge and counts its first message, or changes nothing if a limit refuses the message.
    public func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> IssueDecision {
        let reply = try await self.evaluate(
            self.cache.scripts(for: limits).issue,
            self.timers.issue,
            self.keys.number(try await self.records(of: number).used),
            challenge.arguments(code)
        )
        return try IssueDecision(reply, limits)
    }

    /// Counts an attempt, and compares the attempted code with the code of the challenge.
    public func verify(
        _ attempt: Attempt,
        of challenge: ChallengeReference,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> VerifyDecision {
        var arguments = attempt.candidates.map { RedisArgument.bytes(challenge.head($0.keyID, $0.authenticator)) }
        if arguments.isEmpty {
            // No key has an empty ID, so the script replies that the key is unknown.
            let zeros = [UInt8](repeating: 0, count: RecordLayout.authenticatorSize)
            arguments.append(.bytes(challenge.head("", zeros)))
        }
        let scripts = self.cache.scripts(for: limits)
        let records = try await self.records(of: number)
        let reply = try await self.evaluate(
            scripts.verify,
            self.timers.verify,
            self.keys.number(records.used),
            arguments
        )
        if case .bulk = reply {
            var reply = try ScriptReply(reply)
            guard try reply.kind() == .locked else { throw ScriptReply.unexpected }
            return try reply.refusal(limits) { refusal, time in .locked(refusal, at: time) }
        }
        let (time, kind, attemptsRemaining) = try ScriptReply.verdict(reply)
        switch kind {
        case .success:
            if !records.unused.isEmpty {
                try await self.evaluate(scripts.succeed, self.timers.succeed, on: records.unused)
            }
            return .matched(at: time)
        case .mismatched: return .mismatched(attemptsRemaining: attemptsRemaining, at: time)
        case .exhausted: return .exhausted(at: time)
        case .absent: return .absent(at: time)
        case .unknownKey: return .unknownKey(at: time)
        case .refused, .locked: throw ScriptReply.unexpected
        }
    }

    /// Counts another message of a challenge, or changes nothing if the message is not admitted.
    public func resend(
        _ challenge: ChallengeReference,
        code: ResendCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ResendDecision {
        let reply = try await self.evaluate(
            self.cache.scripts(for: limits).resend,
            self.timers.resend,
            self.keys.number(try await self.records(of: number).used),
            challenge.arguments(code)
        )
        return try ResendDecision(reply, limits)
    }

    /// Undoes the accounting of a message that was definitely not sent.
    public func release(_ reservation: SendReservation, for number: PhoneNumberIndexes, limits: StoreLimits)
        async throws
    {
        let records = try await self.records(of: number)
        for index in [records.used] + records.unused {
            let reply = try await self.evaluate(
                self.cache.scripts(for: limits).release,
                self.timers.release,
                self.keys.number(index),
                [
                    .bytes(reservation.challenge.bytes), .integer(reservation.time.milliseconds),
                    reservation.kind == .resend ? 1 : 0, records.unused.isEmpty ? 0 : 1,
                ]
            )
            if try ScriptReply.flag(reply) { return }
        }
    }

    /// Deletes a challenge; returns `false` if the challenge does not exist.
    public func cancel(
        _ challenge: ChallengeID,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> Bool {
        let script = self.cache.scripts(for: limits).cancel
        let records = try await self.records(of: number)
        let replies = try await Self.concurrently([records.used] + records.unused) { index in
            let key = self.keys.number(index)
            return try ScriptReply.flag(
                try await self.evaluate(script, self.timers.cancel, key, [.bytes(challenge.bytes)])
            )
        }
        return replies.contains(true)
    }

    /// Returns the state of a live challenge, without changing it.
    public func status(
        of challenge: ChallengeID,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ChallengeSnapshot? {
        var reply = try ScriptReply(
            try await self.evaluate(
                self.cache.scripts(for: limits).status,
                self.timers.status,
                self.keys.number(try await self.records(of: number).used),
                [.bytes(challenge.bytes)]
            )
        )
        switch try reply.kind() {
        case .success: return try reply.status()
        case .absent: return nil
        default: throw ScriptReply.unexpected
        }
    }

    /// Clears the failed attempts of a phone number, and its failure streak (the number of consecutive failed attempts).
    public func unlock(_ number: PhoneNumberIndexes, limits: StoreLimits) async throws {
        // The script also runs on blind indexes without a record, because another process may create a record in the meantime.
        try await self.evaluate(self.cache.scripts(for: limits).unlock, self.timers.unlock, on: number.all)
    }

    /// Marks a proof as used, unless the proof is already used or has expired.
    public func redeem(proof: [UInt8], expiringAt expiry: StoreTime, lifetime: Duration) async throws -> Bool {
        let reply = try await self.evaluate(
            Scripts.redeem,
            self.timers.redeem,
            self.keys.proof(proof),
            [
                .integer(expiry.milliseconds),
                .integer(StoreTime.longestRemainder(ofProofWith: lifetime).milliseconds),
                .integer(StoreTime.tolerance.milliseconds),
            ]
        )
        return try ScriptReply.flag(reply)
    }
}

extension ChallengeReference {
    /// Returns the arguments of `issue.lua` for this challenge and a code.
    func arguments(_ code: ProtectedCode) -> [RedisArgument] {
        [.bytes(self.head(code.keyID, code.authenticator)), .bytes(code.sealed)]
    }

    /// Returns the arguments of `resend_check.lua` for this challenge and a code.
    func arguments(_ code: ResendCode) -> [RedisArgument] {
        switch code {
        case .new(let code):
            [.bytes(self.head(code.keyID, code.authenticator)), .bytes(code.sealed)]
        case .same(let length, let keyIDs):
            [.bytes(self.id.bytes + self.check), .integer(Int64(length))]
                + keyIDs.map { .bytes([UInt8(truncatingIfNeeded: $0.utf8.count)] + Array($0.utf8)) }
        }
    }

    /// Returns the first fields of a challenge in the format of a record.
    ///
    /// The fields are the ID, the hash `ChallengeReference.check`, the key ID and the authenticator. In a record, the counts of
    /// the challenge follow.
    fileprivate func head(_ keyID: String, _ authenticator: [UInt8]) -> [UInt8] {
        var head: [UInt8] = []
        // The capacity is always sufficient, because a key ID has at most 32 ASCII characters.
        head.reserveCapacity(97)
        head += self.id.bytes
        head += self.check
        head.append(UInt8(truncatingIfNeeded: keyID.utf8.count))
        head += keyID.utf8
        head += authenticator
        return head
    }
}
