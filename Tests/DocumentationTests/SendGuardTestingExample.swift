// SPDX-License-Identifier: Apache-2.0
// The catalogue of the module shows this file from here on.

import OTPTesting
import SendGuard
import SendGuardTesting
import Testing

@Test func theLedgerDecidesAsSpecified() async throws {
    let clock = ManualClock()
    let ledger = InMemorySendLedger(clock: clock)  // or a ledger of your own
    let conformance = SendLedgerConformance(ledger: ledger) { clock.advance(by: $0) }
    try await conformance.run()
}
