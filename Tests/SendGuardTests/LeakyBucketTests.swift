// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import Testing

@testable import SendGuard

/// Tests of the arithmetic of a leaky bucket.
@Suite struct LeakyBucketTests {
    private static let doubling = LeakyBucket.Limits(
        capacity: 5,
        checkedCapacity: 5,
        pause: 10,
        doublings: 3,
        credit: 2
    )

    private static func limits(using random: inout SplitMix64) -> LeakyBucket.Limits {
        var limits = Self.doubling
        limits.pause = Int.random(in: 1...50, using: &random)
        limits.doublings = Int.random(in: 0...4, using: &random)
        return limits
    }

    @Test func pauseDoublesAfterEachDrainedUnit() {
        var bucket = LeakyBucket()
        let start = LedgerTime(seconds: 1_000)
        bucket.drain(Self.doubling, at: start)
        bucket.fill(8)
        // The pauses are 10, 20, 40, 80, 80 … seconds.
        for (seconds, level) in [(9, 8), (10, 7), (29, 7), (30, 6), (69, 6), (70, 5), (149, 5), (150, 4), (230, 3)] {
            bucket.drain(Self.doubling, at: start + seconds)
            #expect(bucket.level == level, "after \(seconds) s")
        }
    }

    @Test func drainInManyStepsEqualsDrainInOne() {
        var random = SplitMix64(seed: 20_261_128)
        for _ in 0..<2_000 {
            let limits = Self.limits(using: &random)
            var stepwise = LeakyBucket()
            stepwise.drain(limits, at: LedgerTime(seconds: 0))
            stepwise.fill(Int.random(in: 1...20, using: &random))
            let filled = stepwise
            var now = 0
            for _ in 0..<20 {
                now += Int.random(in: 0...100, using: &random)
                stepwise.drain(limits, at: LedgerTime(seconds: now))
                var direct = filled
                direct.drain(limits, at: LedgerTime(seconds: now))
                #expect(direct.level == stepwise.level && direct.step == stepwise.step)
                #expect(direct.level == 0 || direct.since == stepwise.since)
            }
        }
    }

    @Test func waitIsExact() {
        var random = SplitMix64(seed: 20_261_129)
        for _ in 0..<2_000 {
            let limits = Self.limits(using: &random)
            var bucket = LeakyBucket()
            bucket.drain(limits, at: LedgerTime(seconds: 0))
            bucket.fill(Int.random(in: 5...30, using: &random))
            let now = LedgerTime(seconds: Int.random(in: 0...200, using: &random))
            bucket.drain(limits, at: now)
            let wait = bucket.wait(below: 5, limits, at: now)
            guard wait > 0 else {
                #expect(bucket.level < 5)
                continue
            }
            var early = bucket
            early.drain(limits, at: now + (wait - 1))
            #expect(early.level == 5)
            bucket.drain(limits, at: now + wait)
            #expect(bucket.level == 4)
        }
    }

    @Test func clockThatRanAheadStopsADrainForOnePauseOnly() {
        var bucket = LeakyBucket()
        bucket.drain(Self.doubling, at: LedgerTime(seconds: 1_000_000))
        bucket.fill(3)
        bucket.drain(Self.doubling, at: LedgerTime(seconds: 1_000))
        #expect(bucket.level == 3)
        bucket.drain(Self.doubling, at: LedgerTime(seconds: 1_010))
        #expect(bucket.level == 2)
    }
}
