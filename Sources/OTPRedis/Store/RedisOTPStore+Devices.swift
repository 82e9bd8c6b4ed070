// SPDX-License-Identifier: Apache-2.0

import Hiredis
import Metrics
public import OTP

extension RedisOTPStore {
    /// Stores a new challenge for a known device and counts the first message, or changes nothing if the message is refused.
    ///
    /// The result is `nil` if the device token is revoked.
    public func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits,
        device issuedAt: StoreTime
    ) async throws -> IssueDecision? {
        let (script, arguments) = (self.cache.scripts(for: limits).issueDevice, challenge.arguments(code))
        return try await self.evaluate(script, self.timers.issue, number, arguments, device: issuedAt)
            .map { try IssueDecision($0, limits) }
    }

    /// Counts another message of a challenge for a known device, or changes nothing if the message is not admitted.
    ///
    /// The result is `nil` if the device token is revoked.
    public func resend(
        _ challenge: ChallengeReference,
        code: ResendCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits,
        device issuedAt: StoreTime
    ) async throws -> ResendDecision? {
        let (script, arguments) = (self.cache.scripts(for: limits).resendDevice, challenge.arguments(code))
        return try await self.evaluate(script, self.timers.resend, number, arguments, device: issuedAt)
            .map { try ResendDecision($0, limits) }
    }

    /// Revokes all device tokens that were issued for a phone number before the call.
    ///
    /// The revocation is stored for the maximum lifetime of a device token, plus one minute.
    public func revokeDevices(of number: PhoneNumberIndexes) async throws {
        let lifetime = RedisArgument.integer(StoreTime.longestLifetimeOfARevocation.milliseconds)
        // The revocation is stored under all blind indexes, because any of them can be the only remaining index after a key
        // rotation.
        _ = try await Self.concurrently(number.all) { index in
            try await self.evaluate(Scripts.revoke, self.timers.revoke, self.keys.revocation(index), [lifetime])
        }
    }

    /// Runs a script that begins with the fragment `device.lua`, for a known device.
    ///
    /// - Returns: The reply; `nil` if the device token is revoked.
    private func evaluate(
        _ script: RedisScript,
        _ timer: Timer,
        _ number: PhoneNumberIndexes,
        _ arguments: [RedisArgument],
        device issuedAt: StoreTime
    ) async throws -> RedisReply? {
        var used = number.current
        if !number.others.isEmpty {
            // The commands of both reads are sent in one write to the socket.
            async let isRevoked = self.isRevoked(issuedAt, number)
            used = try await self.records(of: number).used
            guard try await !isRevoked else { return nil }
        }
        let keys = [self.keys.number(used), self.keys.revocation(used)]
        let reply = try await self.client.evaluate(script, timer, keys, arguments + [.integer(issuedAt.milliseconds)])
        if case .integer(0) = reply { return nil }
        return reply
    }

    /// Returns whether a device token was revoked under any blind index of the phone number.
    ///
    /// A phone number has several blind indexes (keyed hashes) only during the rotation of an index key. The scripts for known
    /// devices read the revocation under only one blind index, so this method reads the revocations under all blind indexes.
    private func isRevoked(_ issuedAt: StoreTime, _ number: PhoneNumberIndexes) async throws -> Bool {
        let revocations = try await Self.concurrently(number.all) { index -> Int64 in
            let key = RedisArgument.text(self.keys.revocation(index))
            switch try await self.client.send("GET", [key], isCancellable: false) {
            case .null: return 0
            case .bulk(let bytes):
                guard let time = Int64(String(decoding: bytes, as: UTF8.self)) else { throw ScriptReply.unexpected }
                return time
            default: throw ScriptReply.unexpected
            }
        }
        return revocations.contains { issuedAt.milliseconds <= $0 }
    }
}

extension IssueDecision {
    /// Decodes the reply of `issue.lua`.
    init(_ reply: RedisReply, _ limits: StoreLimits) throws {
        var reply = try ScriptReply(reply)
        switch try reply.kind() {
        case .success: self = .admitted(try reply.admission())
        case .refused: self = try reply.refusal(limits) { refusal, time in .refused(refusal, at: time) }
        default: throw ScriptReply.unexpected
        }
    }
}

extension ResendDecision {
    /// Decodes the reply of `resend.lua`.
    init(_ reply: RedisReply, _ limits: StoreLimits) throws {
        var reply = try ScriptReply(reply)
        switch try reply.kind() {
        case .success:
            let admission = try reply.admission()
            self = .admitted(admission, try reply.code())
        case .refused: self = try reply.refusal(limits) { refusal, time in .refused(refusal, at: time) }
        case .exhausted: self = .exhausted(at: try reply.time())
        case .absent: self = .absent(at: try reply.time())
        case .unknownKey: self = .unknownKey(at: try reply.time())
        case .locked, .mismatched: throw ScriptReply.unexpected
        }
    }
}
