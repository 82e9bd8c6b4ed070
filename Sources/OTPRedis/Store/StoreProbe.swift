// SPDX-License-Identifier: Apache-2.0

package import Hiredis
import OTP

/// A check of a Redis server, which runs the operations of ``RedisOTPStore`` on test keys.
///
/// The test keys begin with `PREFIX:doctor:`, so the Redis user of the service may access them. All test keys expire when the
/// check ends. If the check is interrupted, the test key with the state of the server's clock expires after 400 days. The other
/// test keys expire after at most 31 days.
package struct StoreProbe: Sendable {
    /// An operation that failed.
    package struct Failure: Error {
        /// The name of the failed operation.
        package var step: String
        /// The error of the operation; `nil` if the operation returned an unexpected result.
        package var error: RedisError?
    }

    private let client: RedisClient
    private let store: RedisOTPStore
    private let keys: KeySchema
    private let limits = StoreLimits()

    /// Creates a probe without connecting.
    ///
    /// - Parameters:
    ///   - client: The client that sends the commands.
    ///   - prefix: The first part of the names of the service's keys.
    package init(client: RedisClient, prefix: String = "otp") {
        let prefix = "\(prefix):doctor"
        self.client = client
        self.store = RedisOTPStore(client: client, prefix: prefix)
        self.keys = KeySchema(prefix: prefix)
    }

    /// Runs the operations of the store, and removes the records that the operations created.
    ///
    /// - Parameter isSuitable: A closure that receives the name of a key. It returns whether the checked server stores this
    ///   key.
    /// - Throws: ``Failure`` for the first operation that failed.
    package func run(where isSuitable: (String) -> Bool = { _ in true }) async throws(Failure) {
        let numbers = (0..<3)
            .map { _ in
                PhoneNumberIndex(bytes: Self.bytes { isSuitable(self.keys.number(PhoneNumberIndex(bytes: $0))) })
            }
        let proof = Self.bytes { isSuitable(self.keys.proof($0)) }
        // The check uses its own clock record, because the clock record of the service is on only one node of a cluster.
        let clock = self.keys.proof(Self.bytes { isSuitable(self.keys.proof($0)) })
        let result: Result<Void, Failure>
        do throws(Failure) {
            let end = try await self.verify(numbers[0])
            try await self.cancel(numbers[1])
            try await self.release(numbers[2])
            try await self.redeem(proof, expiringAt: end + .seconds(60))
            try await self.check(clock)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        for key in numbers.map(self.keys.number) + [self.keys.proof(proof), clock] {
            // If this command fails, the key expires later, because the operations have set a TTL.
            _ = try? await self.client.send("PEXPIRE", .text(key), 1)
        }
        try result.get()
    }

    /// Verifies a wrong code and then the right code.
    private func verify(_ number: PhoneNumberIndex) async throws(Failure) -> StoreTime {
        let challenge = Self.challenge()
        let (code, _) = try await self.issue(challenge, number)
        func attempt(_ authenticator: [UInt8], _ step: String) async throws(Failure) -> VerifyDecision {
            let attempt = Attempt(candidates: [.init(keyID: code.keyID, authenticator: authenticator)])
            return try await self.step(step) {
                try await self.store.verify(
                    attempt,
                    of: challenge,
                    for: PhoneNumberIndexes(number),
                    limits: self.limits
                )
            }
        }
        guard case .mismatched = try await attempt(Self.bytes() + Self.bytes(), "verify a wrong code") else {
            throw Failure(step: "verify a wrong code")
        }
        guard case .matched(let time) = try await attempt(code.authenticator, "verify a right code") else {
            throw Failure(step: "verify a right code")
        }
        try await self.step("unlock") { try await self.store.unlock(PhoneNumberIndexes(number), limits: self.limits) }
        return time
    }

    private func cancel(_ number: PhoneNumberIndex) async throws(Failure) {
        let challenge = Self.challenge()
        _ = try await self.issue(challenge, number)
        let isCancelled = try await self.step("cancel") {
            try await self.store.cancel(challenge.id, for: PhoneNumberIndexes(number), limits: self.limits)
        }
        guard isCancelled else { throw Failure(step: "cancel") }
    }

    private func release(_ number: PhoneNumberIndex) async throws(Failure) {
        let challenge = Self.challenge()
        let (_, time) = try await self.issue(challenge, number)
        let reservation = SendReservation(challenge: challenge.id, time: time, kind: .first)
        try await self.step("release") {
            try await self.store.release(reservation, for: PhoneNumberIndexes(number), limits: self.limits)
        }
        let status = try await self.step("status") {
            try await self.store.status(of: challenge.id, for: PhoneNumberIndexes(number), limits: self.limits)
        }
        guard status == nil else { throw Failure(step: "release") }
    }

    private func redeem(_ proof: [UInt8], expiringAt expiry: StoreTime) async throws(Failure) {
        for isFirst in [true, false] {
            let isRedeemed = try await self.step("redeem") {
                try await self.store.redeem(proof: proof, expiringAt: expiry, lifetime: .seconds(60))
            }
            guard isRedeemed == isFirst else { throw Failure(step: "redeem") }
        }
    }

    private func check(_ key: String) async throws(Failure) {
        let clock = ServerClock(client: self.client, key: key, timer: self.store.timers.clock, clock: ContinuousClock())
        let epoch = try await self.step("check the clock") { try await clock.check() }
        guard epoch == .initial else { throw Failure(step: "check the clock") }
    }

    private func issue(
        _ challenge: ChallengeReference,
        _ number: PhoneNumberIndex
    ) async throws(Failure) -> (ProtectedCode, StoreTime) {
        let code = ProtectedCode(keyID: "doctor", authenticator: Self.bytes() + Self.bytes(), sealed: [])
        let decision = try await self.step("issue") {
            try await self.store.issue(challenge, code: code, for: PhoneNumberIndexes(number), limits: self.limits)
        }
        guard case .admitted(let admission) = decision else { throw Failure(step: "issue") }
        return (code, admission.time)
    }

    private func step<Value>(_ name: String, _ body: () async throws -> Value) async throws(Failure) -> Value {
        do {
            return try await body()
        } catch {
            throw Failure(step: name, error: error as? RedisError)
        }
    }

    private static func challenge() -> ChallengeReference {
        ChallengeReference(id: ChallengeID(bytes: self.bytes()), check: self.bytes())
    }

    /// Returns 16 random bytes that a closure accepts.
    ///
    /// The closure may require that a key with these bytes belongs to one node of a cluster. The method tries so many values
    /// that it finds suitable bytes even if the node has only one of the 16,384 hash slots.
    private static func bytes(_ isSuitable: ([UInt8]) -> Bool = { _ in true }) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<1 << 19 {
            bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
            if isSuitable(bytes) { break }
        }
        return bytes
    }
}
