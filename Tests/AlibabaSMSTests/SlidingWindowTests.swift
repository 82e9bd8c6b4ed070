// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import Testing

@testable import AlibabaSMS

@Suite struct SlidingWindowTests {
    /// Tests reservations at random times.
    ///
    /// No second may have more reservations than the limit. Reservations must be in the order of the requests, and as early as
    /// possible.
    @Test(arguments: [1, 2, 7, 300])
    func everySecondHasAtMostTheLimit(limit: Int) throws {
        var generator = SplitMix64(seed: UInt64(limit))
        var window = SlidingWindow(limit: limit)
        var now = Duration.zero
        var times: [Duration] = []
        for _ in 0..<5000 {
            // The times are bursts with gaps between them.
            if generator.next() % 8 == 0 { now += .milliseconds(Int64(generator.next() % 2500) / Int64(limit)) }
            let isFree = window.isFree(at: now)
            let time = try window.reserve(at: now, by: now + .seconds(3600 * 24)).get()
            #expect(time >= now)
            #expect(isFree == (time == now))
            if times.count >= limit {
                let floor = times[times.count - limit] + .seconds(1)
                #expect(time >= floor)
                #expect(time == max(now, floor))
            } else {
                #expect(time == now)
            }
            if let last = times.last { #expect(time >= last) }
            times.append(time)
        }
    }

    @Test func rejectedReservationReservesNothing() throws {
        var window = SlidingWindow(limit: 1)
        #expect(try window.reserve(at: .zero, by: .zero).get() == .zero)
        for _ in 0..<10 {
            #expect(window.reserve(at: .zero, by: .milliseconds(999)) == .failure(.init(wait: .seconds(1))))
        }
        #expect(try window.reserve(at: .zero, by: .seconds(1)).get() == .seconds(1))
        #expect(window.reserve(at: .zero, by: .seconds(1)) == .failure(.init(wait: .seconds(2))))
    }

    @Test func defaultLimitsAreThoseOfTheAccount() {
        #expect(
            AlibabaSMSConfiguration().requestsPerSecond
                == ["SendMessageToGlobe": 2000, "BatchSendMessageToGlobe": 1, "QueryMessage": 300]
        )
    }
}
