// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Hiredis

@Suite struct ReconnectBackoffTests {
    @Test func delaysGrowToASecondAndDiffer() {
        var backoff = ReconnectBackoff()
        #expect(backoff.fail() == .zero)
        for longest in [50, 100, 200, 400, 800, 1_000, 1_000, 1_000] {
            let wait = backoff.fail()
            #expect(wait >= .milliseconds(longest / 2))
            #expect(wait <= .milliseconds(longest))
        }
        let waits = Set((0..<32).map { _ in backoff.fail() })
        #expect(waits.count > 8)
        backoff.succeed()
        #expect(backoff.fail() == .zero)
    }
}
