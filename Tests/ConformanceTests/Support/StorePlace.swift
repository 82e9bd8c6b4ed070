// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import Hiredis
import MovableClock
import OTP
import OTPRedis
import OTPTesting
import PrivateRedis
import SMSKit
import SendGuard
import Testing

typealias ServiceStore = OTPStore & ProofStore

/// An empty store of one kind, with a clock that the test moves.
struct StorePlace: Sendable {
    let isMutant: Bool

    /// The door through which the trial calls its services.
    let kind: DoorKind

    let store: any ServiceStore

    /// A store with the same data and its own connection, like the store of another process.
    let replica: any ServiceStore

    let ledger: any SendLedger

    /// The idempotency keys of the HTTP services.
    let idempotency: any IdempotencyStore

    /// The storage of records that are read and written in separate steps.
    let records: any StateRecords

    /// The rendezvous of mutants that read and write in separate steps.
    let rendezvous = Rendezvous()

    /// The keys in Redis; `nil` for a store in memory.
    let redis: RedisPlace?

    /// The store in memory; `nil` for Redis.
    let memory: InMemoryOTPStore?

    /// The HTTP services of the trial.
    let servers = DoorServers()

    fileprivate let advance: @Sendable (Duration) throws -> Void

    /// Advances the clock of the store and of the ledger.
    func pass(_ duration: Duration) throws { try self.advance(duration) }

    /// Advances the clock of the store and of the ledger by a number of seconds.
    func pass(_ seconds: Int) throws { try self.advance(.seconds(seconds)) }

    /// Returns the store of a trial, or a faulty store (a mutant) with changed steps.
    func altered(_ base: (any ServiceStore)? = nil, _ change: (inout StoreChanges) -> Void) -> any ServiceStore {
        let base = base ?? self.store
        guard self.isMutant else { return base }
        var changes = StoreChanges()
        change(&changes)
        return AlteredStore(base, changes)
    }

    /// Returns the store of a trial, or a faulty store (a mutant) that reads, decides and writes in separate steps.
    func split() -> any ServiceStore {
        self.isMutant ? SplitStore(self.records, self.rendezvous, clock: self.store) : self.store
    }

    /// Returns the ledger of a trial, or a faulty ledger (a mutant) with changed steps.
    func alteredLedger(_ change: (inout LedgerChanges) -> Void) -> any SendLedger {
        guard self.isMutant else { return self.ledger }
        var changes = LedgerChanges()
        change(&changes)
        return AlteredLedger(self.ledger, changes)
    }
}

extension Trial {
    /// Runs a closure with an empty store.
    func withPlace<Result: Sendable>(_ body: (StorePlace) async throws -> Result) async throws -> Result {
        switch try #require(self.store) {
        case .memory: try await Self.withServers(of: self.memoryPlace(), body)
        case .redis: try await self.withRedisPlace(body)
        }
    }

    /// Runs a closure, and stops the HTTP services that it started.
    private static func withServers<Result: Sendable>(
        of place: StorePlace,
        _ body: (StorePlace) async throws -> Result
    ) async throws -> Result {
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(place))
        } catch {
            result = .failure(error)
        }
        place.rendezvous.release()
        await place.servers.stop()
        return try result.get()
    }

    private func memoryPlace() -> StorePlace {
        let clock = ManualClock()
        let start = Date(timeIntervalSince1970: 1_700_000_000)
        let store = InMemoryOTPStore(clock: clock, start: start)
        return StorePlace(
            isMutant: self.isMutant,
            kind: self.door,
            store: store,
            replica: store,
            ledger: InMemorySendLedger(clock: clock, start: start),
            idempotency: InMemoryIdempotencyStore(clock: clock),
            records: MemoryRecords(),
            redis: nil,
            memory: store,
            advance: { clock.advance(by: $0) }
        )
    }

    private func withRedisPlace<Result: Sendable>(
        _ body: (StorePlace) async throws -> Result
    ) async throws -> Result {
        let shared = try #require(SharedRedis.current)
        let place = RedisPlace(
            shared,
            client: RedisClient(configuration: try RedisConfiguration(url: shared.server.url))
        )
        let other = RedisClient(configuration: try RedisConfiguration(url: shared.server.url))
        let monotonic = ManualClock()
        let store = RedisOTPStore(client: place.client, prefix: place.prefix, clock: monotonic)
        let storePlace = StorePlace(
            isMutant: self.isMutant,
            kind: self.door,
            store: store,
            replica: RedisOTPStore(client: other, prefix: place.prefix, clock: monotonic),
            ledger: RedisSendLedger(client: place.client, prefix: place.prefix),
            idempotency: RedisIdempotencyStore(sharing: store),
            records: place,
            redis: place,
            memory: nil,
            advance: { duration in
                try shared.clock.advance(by: duration)
                monotonic.advance(by: duration)
            }
        )
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await Self.withServers(of: storePlace, body))
        } catch {
            result = .failure(error)
        }
        await place.client.shutdown()
        await other.shutdown()
        return try result.get()
    }
}
