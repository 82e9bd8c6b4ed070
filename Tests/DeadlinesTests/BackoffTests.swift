// SPDX-License-Identifier: Apache-2.0

import Deadlines
import Testing

@Suite struct BackoffTests {
    @Test func theCeilingDoublesUpToTheMaximum() {
        let backoff = Backoff(base: .milliseconds(200), maximum: .seconds(5), jitter: .full)
        let ceilings = (1...8).map { backoff.delay(afterFailures: $0, chance: 1) }
        #expect(
            ceilings == [200, 400, 800, 1600, 3200, 5000, 5000, 5000].map { Duration.milliseconds($0) }
        )
        #expect(backoff.delay(afterFailures: .max, chance: 1) == .seconds(5))
        #expect(backoff.delay(afterFailures: .min, chance: 1) == .milliseconds(200))
    }

    @Test func fullJitterBeginsAtZeroAndHalfJitterAtHalfOfTheCeiling() {
        var backoff = Backoff(base: .milliseconds(100), maximum: .seconds(1), jitter: .full)
        #expect(backoff.delay(afterFailures: 2, chance: 0) == .zero)
        #expect(backoff.delay(afterFailures: 2, chance: 0.25) == .milliseconds(50))
        backoff.jitter = .half
        #expect(backoff.delay(afterFailures: 2, chance: 0) == .milliseconds(100))
        #expect(backoff.delay(afterFailures: 2, chance: 0.5) == .milliseconds(150))
        #expect(backoff.delay(afterFailures: 2, chance: 7) == .milliseconds(200))
    }

    @Test func delaysDiffer() {
        let backoff = Backoff(base: .seconds(1), maximum: .seconds(1), jitter: .half)
        let delays = (0..<32).map { _ in backoff.delay(afterFailures: 3) }
        #expect(Set(delays).count > 1)
        #expect(delays.allSatisfy { Duration.milliseconds(500)...Duration.seconds(1) ~= $0 })
    }
}
