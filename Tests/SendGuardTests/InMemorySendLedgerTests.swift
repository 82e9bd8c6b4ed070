// SPDX-License-Identifier: Apache-2.0

import OTPTesting
import SendGuardTesting
import Testing

@testable import SendGuard

/// Tests of the ledger in memory.
@Suite struct InMemorySendLedgerTests {
    @Test func conforms() async throws {
        let clock = ManualClock()
        let ledger = InMemorySendLedger(clock: clock)
        try await SendLedgerConformance(ledger: ledger) { clock.advance(by: $0) }.run()
    }

    @Test func decidesAsTheSpecificationOverManySteps() async throws {
        let clock = ManualClock()
        let ledger = InMemorySendLedger(clock: clock)
        let conformance = SendLedgerConformance(ledger: ledger) { clock.advance(by: $0) }
        let outcomes = try await conformance.checkRandomSteps(100_000, seed: 20_261_128)
        for measure in GuardMeasure.allCases {
            for effect in ["monitor", "challenge", "shadow", "block"] {
                let count = outcomes["\(measure) \(effect)", default: 0]
                // The walk selects random modes, so that even budgets, growth limits and lockdowns have a challenge mode.
                #expect(count > 10, "\(measure) \(effect): \(count)")
            }
        }
        for outcome in ["admitted", "refused", "messages alert", "money alert"] {
            #expect(outcomes[outcome, default: 0] > 100, "\(outcome): \(outcomes[outcome, default: 0])")
        }
    }

    @Test func expiredRecordsAreRemoved() async throws {
        let clock = ManualClock()
        let ledger = InMemorySendLedger(clock: clock)
        var limits = ScopeLimits(.source)
        limits.unverified = (.block, LeakyBucket.Limits(capacity: 5, checkedCapacity: 5, pause: 10, credit: 2))
        for number in 0..<20_000 {
            let name = (0..<12).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
            let facts = SendFacts(cost: 0, destination: RegionCode(letters: 0), signals: [])
            let claim = SendClaim(origin: [ScopeClaim(name: ScopeName(name), limits: limits)], shared: [], facts: facts)
            _ = try await ledger.reserve(claim)
            clock.advance(by: .seconds(1))
        }
        // The TTL of a record is 10 seconds plus the tolerance of 60 seconds, so about 70 records are live.
        #expect(ledger.count < 1_100)
    }
}
