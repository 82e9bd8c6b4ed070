// Stores challenges in a SQL database: each step of the protocol is one transaction that runs `PhoneNumberState`.

import OTP
import OTPTesting

// snippet.show
/// The statements of one transaction, for the driver of your database.
///
/// ```sql
/// CREATE TABLE otp_number (id bytea PRIMARY KEY, state bytea NOT NULL, expires_at bigint NOT NULL);
/// CREATE TABLE otp_proof (id bytea PRIMARY KEY, expires_at bigint NOT NULL);
/// ```
protocol OTPTransaction: Sendable {
    /// `SELECT extract(epoch FROM clock_timestamp()) * 1000`: the time of the database's clock.
    func now() async throws -> StoreTime

    /// `SELECT pg_advisory_xact_lock(hashtextextended(encode($1, 'hex'), 0))`: locks a missing row too, unlike `FOR UPDATE`.
    func lock(_ number: PhoneNumberIndex) async throws

    /// `SELECT state, expires_at FROM otp_number WHERE id = $1`
    func state(of number: PhoneNumberIndex) async throws -> (bytes: [UInt8], expiry: StoreTime)?

    /// `INSERT INTO otp_number … ON CONFLICT (id) DO UPDATE SET state = $2, expires_at = $3`
    func save(_ bytes: [UInt8], for number: PhoneNumberIndex, until expiry: StoreTime) async throws

    /// `DELETE FROM otp_number WHERE id = $1`
    func delete(_ number: PhoneNumberIndex) async throws

    /// `INSERT INTO otp_proof … ON CONFLICT DO NOTHING`; returns whether a row was inserted.
    func insert(proof: [UInt8], until expiry: StoreTime) async throws -> Bool
}

protocol OTPDatabase: Sendable {
    /// Runs statements in one transaction, which is committed if the closure does not throw an error.
    func transaction<Result: Sendable>(
        _ body: @escaping @Sendable (any OTPTransaction) async throws -> Result
    ) async throws -> Result
}

/// A store in a SQL database.
///
/// A periodic `DELETE … WHERE expires_at < now` removes expired rows.
struct SQLStore: OTPStore, ProofStore {
    let database: any OTPDatabase

    /// Applies a step to the record of a number, in one transaction.
    private func change<Result: Sendable>(
        _ number: PhoneNumberIndexes,
        _ limits: StoreLimits,
        _ step: @escaping @Sendable (inout PhoneNumberState, PhoneNumberRecords, StoreTime) -> Result,
        unused: @escaping @Sendable (Result, inout PhoneNumberState, StoreTime) -> Result = { result, _, _ in result }
    ) async throws -> Result {
        try await self.database.transaction { transaction in
            // The order of the locks is always the same, so that two transactions never deadlock.
            for index in number.all.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
                try await transaction.lock(index)
            }
            let now = try await transaction.now()
            var states: [PhoneNumberIndex: PhoneNumberState] = [:]
            for index in number.all {
                guard let row = try await transaction.state(of: index), row.expiry > now else { continue }
                states[index] = try PhoneNumberState(bytes: row.bytes)
            }
            let records = number.records(existing: Array(states.keys))
            var result = step(&states[records.used, default: PhoneNumberState()], records, now)
            for index in records.unused {
                guard var state = states[index] else { continue }
                result = unused(result, &state, now)
                states[index] = state
            }
            for (index, state) in states {
                if let expiry = state.expiry(limits) {
                    try await transaction.save(state.bytes, for: index, until: expiry)
                } else {
                    try await transaction.delete(index)
                }
            }
            return result
        }
    }

    func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> IssueDecision {
        try await self.change(number, limits) { $0.issue(challenge, code: code, limits: limits, at: $2) }
    }

    func verify(
        _ attempt: Attempt,
        of challenge: ChallengeReference,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> VerifyDecision {
        try await self.change(number, limits) {
            $0.verify(attempt, of: challenge, limits: limits, at: $2)
        } unused: { decision, state, _ in
            if case .matched = decision { state.succeed() }
            return decision
        }
    }

    func resend(
        _ challenge: ChallengeReference,
        code: ResendCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ResendDecision {
        try await self.change(number, limits) { $0.resend(challenge, code: code, limits: limits, at: $2) }
    }

    func release(_ reservation: SendReservation, for number: PhoneNumberIndexes, limits: StoreLimits) async throws {
        _ = try await self.change(number, limits) {
            $0.release(reservation, isOneOfSeveral: !$1.unused.isEmpty, limits: limits, at: $2)
        } unused: { isReleased, state, now in
            isReleased || state.release(reservation, isOneOfSeveral: true, limits: limits, at: now)
        }
    }

    func cancel(_ challenge: ChallengeID, for number: PhoneNumberIndexes, limits: StoreLimits) async throws -> Bool {
        try await self.change(number, limits) {
            $0.cancel(challenge, limits: limits, at: $2)
        } unused: { isCancelled, state, now in
            state.cancel(challenge, limits: limits, at: now) || isCancelled
        }
    }

    func status(
        of challenge: ChallengeID,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ChallengeSnapshot? {
        try await self.change(number, limits) { $0.status(of: challenge, limits: limits, at: $2) }
    }

    func unlock(_ number: PhoneNumberIndexes, limits: StoreLimits) async throws {
        try await self.change(number, limits) { state, _, _ in
            state.unlock()
        } unused: { _, state, _ in
            state.unlock()
        }
    }

    func redeem(proof: [UInt8], expiringAt expiry: StoreTime, lifetime: Duration) async throws -> Bool {
        try await self.database.transaction { transaction in
            let now = try await transaction.now()
            guard expiry > now, try await transaction.insert(proof: proof, until: expiry) else { return false }
            return expiry <= now + StoreTime.longestRemainder(ofProofWith: lifetime)
        }
    }
}

// snippet.hide
/// A database in memory that runs one transaction after another.
actor MemoryDatabase: OTPDatabase, OTPTransaction {
    let clock: ManualClock
    private var states: [PhoneNumberIndex: (bytes: [UInt8], expiry: StoreTime)] = [:]
    private var proofs: Set<[UInt8]> = []
    private var last: Task<Void, Never>?

    init(clock: ManualClock) { self.clock = clock }

    func transaction<Result: Sendable>(
        _ body: @escaping @Sendable (any OTPTransaction) async throws -> Result
    ) async throws -> Result {
        let previous = self.last
        let task = Task {
            await previous?.value
            return try await body(self)
        }
        self.last = Task { _ = try? await task.value }
        return try await task.value
    }

    func now() -> StoreTime { StoreTime(milliseconds: 1_700_000_000_000) + self.clock.now.offset }
    func lock(_: PhoneNumberIndex) {}
    func state(of number: PhoneNumberIndex) -> (bytes: [UInt8], expiry: StoreTime)? { self.states[number] }
    func save(_ bytes: [UInt8], for number: PhoneNumberIndex, until expiry: StoreTime) {
        self.states[number] = (bytes, expiry)
    }
    func delete(_ number: PhoneNumberIndex) { self.states[number] = nil }
    func insert(proof: [UInt8], until _: StoreTime) -> Bool { self.proofs.insert(proof).inserted }
}

let clock = ManualClock()
let database = MemoryDatabase(clock: clock)
let store = SQLStore(database: database)
// snippet.show

// Both conformance checks run against the store, with a clock that the test moves.
try await OTPStoreConformance(store: store) { clock.advance(by: $0) }.run()
try await ProofStoreConformance(store: store, now: { await database.now() }, advance: { clock.advance(by: $0) }).run()
print("the store conforms")
