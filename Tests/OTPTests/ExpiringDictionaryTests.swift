// SPDX-License-Identifier: Apache-2.0

import OTPTesting
import Testing

@testable import OTP

@Suite struct ExpiringDictionaryTests {
    private static func time(_ second: Int) -> StoreTime { StoreTime(milliseconds: Int64(second) * 1_000) }

    @Test func behavesLikeADictionary() {
        var entries = ExpiringDictionary<Int, Int>(parts: 4)
        var expected: [Int: (value: Int, expiry: Int)] = [:]
        var generator = SeededGenerator(seed: 7)
        for step in 0..<20_000 {
            let key = Int.random(in: 0..<300, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                entries.remove(key)
                expected[key] = nil
            case 1:
                let removed = entries.sweep(3, at: Self.time(step))
                let live = expected.filter { $0.value.expiry > step || entries[$0.key] != nil }
                #expect(expected.count - live.count == removed)
                expected = live
            default:
                let expiry = step + Int.random(in: 1..<400, using: &generator)
                entries.set(step, for: key, until: Self.time(expiry))
                expected[key] = (step, expiry)
            }
            #expect(entries.count == expected.count)
        }
        for key in 0..<300 { #expect(entries[key] == expected[key]?.value) }
    }

    @Test(arguments: [(1, 1), (4, 100), (4, 5_000), (256, 20_000)])
    func aFullTurnRemovesExactlyTheExpiredEntries(parts: Int, count: Int) {
        var entries = ExpiringDictionary<Int, Int>(parts: parts)
        for key in 0..<count { entries.set(key, for: key, until: Self.time(key.isMultiple(of: 3) ? 100 : 50)) }
        var examined = 0
        // A sweep takes one step for each entry, and one for the end of each part.
        while examined < count + parts {
            let removed = entries.sweep(4, at: Self.time(50))
            #expect(removed <= 4)
            examined += 4
        }
        #expect(entries.count == (count + 2) / 3)
        for key in 0..<count { #expect(entries[key] == (key.isMultiple(of: 3) ? key : nil)) }
    }

    @Test(arguments: [1, 60, 600])
    func expiredEntriesStayAtAThirdOfTheLiveOnesUnderSteadyTraffic(lifetime: Int) {
        let parts = 16
        var entries = ExpiringDictionary<Int, Void>(parts: parts)
        var largest = 0
        // In each second, ten entries are added, and each of them expires after `lifetime` seconds.
        for step in 0..<50_000 {
            let now = Self.time(step / 10)
            entries.sweep(4, at: now)
            entries.set((), for: step, until: now + .seconds(lifetime))
            largest = max(largest, entries.count)
        }
        #expect(largest <= 10 * lifetime * 4 / 3 + parts)
    }

    @Test func aLaterSetCanShortenTheExpiry() {
        var entries = ExpiringDictionary<Int, Int>(parts: 1)
        entries.set(1, for: 1, until: Self.time(1_000_000))
        entries.set(2, for: 1, until: Self.time(10))
        #expect(entries.sweep(1, at: Self.time(9)) == 0)
        entries.sweep(2, at: Self.time(10))
        #expect(entries.count == 0)
    }
}
