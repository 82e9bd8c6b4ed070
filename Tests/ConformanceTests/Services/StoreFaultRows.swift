// SPDX-License-Identifier: Apache-2.0

import Hiredis
import OTP
import OTPRedis
import OTPTesting
import PrivateRedis
import SMSKit
import SendGuard
import Synchronization
import Testing

extension Conformance {
    /// Rows of the conformance table about a store that fails, loses data, or is not shared.
    @Suite struct StoreFaultRows {
        private struct Gone: Error {}

        /// Runs a closure with a store, and with another closure that stops the store.
        private static func withMortalStore(
            _ place: StorePlace,
            _ body: (any ServiceStore, () async throws -> Void) async throws -> Void
        ) async throws {
            guard place.redis != nil else {
                let isGone = Mutex(false)
                var changes = StoreChanges()
                changes.issue = { code, step, base in
                    if isGone.withLock({ $0 }) { throw Gone() }
                    return try await base.issue(code, step)
                }
                changes.verify = { attempt, step, base in
                    if isGone.withLock({ $0 }) { throw Gone() }
                    return try await base.verify(attempt, step)
                }
                return try await body(AlteredStore(place.store, changes)) { isGone.withLock { $0 = true } }
            }
            try await withPrivateRedis { server in
                var configuration = try RedisConfiguration(url: server.url)
                configuration.connectTimeout = .milliseconds(300)
                let store = RedisOTPStore(client: RedisClient(configuration: configuration), clock: ManualClock())
                try await body(store) { try await server.stop() }
                await store.shutdown()
            }
        }

        /// Returns the store of a trial, or a faulty store (a mutant) that admits every step that fails.
        private static func failingOpen(_ base: any ServiceStore, _ place: StorePlace) -> any ServiceStore {
            place.altered(base) { changes in
                changes.issue = { code, step, base in
                    if let decision = try? await base.issue(code, step) { return decision }
                    let now = StoreTime(milliseconds: 1_700_000_000_000)
                    return .admitted(
                        Admission(
                            time: now,
                            expiresAt: now + .seconds(300),
                            resendAllowedAt: now + .seconds(60),
                            attemptsRemaining: 5
                        )
                    )
                }
                changes.verify = { attempt, step, base in
                    if let decision = try? await base.verify(attempt, step) { return decision }
                    return .matched(at: StoreTime(milliseconds: 1_700_000_000_000))
                }
            }
        }

        @Test(
            "CT-23: if the store is unavailable, no code is sent or verified; if the ledger is unavailable, no code is sent",
            arguments: Trial.onStoresAndDoors
        )
        func ct23(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store that admits sends and accepts codes even if the store cannot count them",
                fails: "nothing is sent without the store",
                "nothing verifies without the store"
            ) { findings in
                try await trial.withPlace { place in
                    try await Self.withMortalStore(place) { store, end in
                        let service = try await place.service(on: Self.failingOpen(store, place))
                        let sent = try await service.issue()
                        try await end()
                        let issue = await service.issueError(for: Service.otherNumber)
                        findings.expect(
                            "nothing is sent without the store",
                            issue?.code == .storeUnavailable && service.sms.messages.count == 1,
                            issue as Any
                        )
                        let verify = await service.attempt(sent.code, sent.token)
                        findings.expect(
                            "nothing verifies without the store",
                            verify?.code == .storeUnavailable,
                            verify as Any
                        )
                    }
                    let service = try await place.service { $0.sendGuard = try Self.gateWithoutLedger() }
                    let refused = await service.issueError()
                    findings.expect(
                        "nothing is sent without the ledger",
                        refused?.code == .storeUnavailable && service.sms.messages.isEmpty,
                        refused as Any
                    )
                }
            }
        }

        private static func gateWithoutLedger() throws -> SendGate {
            var changes = LedgerChanges()
            changes.reserve = { _, _ in throw Gone() }
            return SendGate(
                try SMSGuard(
                    policy: GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 100)),
                    ledger: AlteredLedger(InMemorySendLedger(clock: ManualClock()), changes),
                    hash: try KeyRing.test().scopeHash,
                    reportInterval: nil
                )
            )
        }

        @Test(
            "CT-24: every record expires, and `otp doctor` reports a Redis server that evicts keys",
            arguments: Trial.onStoresAndDoors
        )
        func ct24(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store whose records do not expire",
                fails: "every record expires"
            ) { findings in
                try await trial.withPlace { place in
                    let service = try await place.service(on: Self.keepingRecords(place)) {
                        $0.hasIdempotencyKeys = true
                    }
                    let sent = try await service.issue()
                    let proof = try await service.proof(of: sent)
                    try await service.otp.redeem(proof.token, for: Service.number, purpose: .signIn)
                    let second = try await service.issue(for: Service.otherNumber)
                    _ = await service.guess(1, against: second, for: Service.otherNumber)
                    if let redis = place.redis {
                        let contents = try await redis.contents()
                        findings.expect(
                            "every record expires",
                            contents.count >= 3 && contents.allSatisfy { (1...401 * 86_400_000).contains($0.lifetime) },
                            contents.map(\.lifetime)
                        )
                        guard trial.door == .library else { return }
                        let doctor = try await Self.doctor(redis, eviction: "allkeys-lru")
                        findings.expect("the doctor reports a server that evicts", doctor.contains("fail"), doctor)
                    } else if let memory = place.memory {
                        // The record with the wrong code lives for 400 days. All other records live for at most one day.
                        try place.pass(3 * 86_400)
                        // Each step removes some of the expired entries.
                        for _ in 0..<200 { _ = try? await service.door.status(for: Service.number, token: sent.token) }
                        let count = memory.entryCount.numbers + memory.entryCount.usedProofs
                        findings.expect("every record expires", count <= 1, count)
                    }
                }
            }
        }

        /// Returns the store of a trial, or a faulty store (a mutant) whose records expire after 400 days or never.
        private static func keepingRecords(_ place: StorePlace) -> any ServiceStore {
            place.altered { changes in
                guard let redis = place.redis else {
                    changes.limits = { limits in
                        limits.sends.append(WindowLimit(1_000, per: .seconds(400 * 86_400)))
                    }
                    return
                }
                changes.issue = { code, step, base in
                    let decision = try await base.issue(code, step)
                    for (key, _, _) in try await redis.contents() {
                        _ = try await redis.client.send("PERSIST", [.text(key)])
                    }
                    return decision
                }
            }
        }

        /// Returns the finding of `otp doctor` about a Redis server with a given eviction policy.
        private static func doctor(_ redis: RedisPlace, eviction: String) async throws -> String {
            _ = try await redis.client.send("CONFIG", ["SET", "maxmemory-policy", .text(eviction)])
            let environment = [
                "OTP_REDIS_URL": redis.server.url, "OTP_SMS_ENDPOINT": "http://127.0.0.1:1",
                "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI-test", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "s3cret-of-the-tests",
            ]
            let run = try await Program.run(["doctor"], environment: environment)
            _ = try await redis.client.send("CONFIG", ["SET", "maxmemory-policy", "noeviction"])
            return run.output.split(separator: "\n").first { $0.contains("noeviction") }.map(String.init) ?? run.output
        }

        @Test("CT-27: two processes of a service share all limits of a number", arguments: Trial.onStoresAndDoors)
        func ct27(trial: Trial) async throws {
            try await trial.run(
                mutant: "processes that keep separate counts",
                fails: "the cooldown holds in another process"
            ) { findings in
                try await trial.withPlace { place in
                    let service = try await place.service()
                    let own: any ServiceStore = InMemoryOTPStore(clock: ManualClock())
                    let other = try await place.service(on: trial.isMutant ? own : place.replica)
                    let sent = try await service.issue()
                    var compared = 0
                    for step in 1...10 {
                        let process = step.isMultiple(of: 2) ? service : other
                        if await process.attempt(wrong(sent.code, by: step), sent.token)?.code == .incorrectCode {
                            compared += 1
                        }
                    }
                    findings.expect("five attempts are compared by all processes", compared <= 5, compared)
                    let refused = await other.issueError()
                    findings.expect("the cooldown holds in another process", refused?.code == .rateLimited)
                }
            }
        }
    }
}
