// SPDX-License-Identifier: Apache-2.0

import TextFormats

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The state of an emulator, without its HTTP server.
struct EmulatorWorld: Sendable {
    let accessKeys: AccessKeys
    let events: InboxEvents
    let inbox: Inbox
    let requests: RequestLog
    let account: Account
    let rates: RequestRates
    let faults: FaultInjector
    let clock: EmulatorClock
    let carrier: Carrier
    let reports: DeliveryReportPusher?

    init(_ configuration: SMSGatewayEmulator.Configuration) {
        self.accessKeys = AccessKeys(accessKeys: configuration.accessKeys, users: configuration.users)
        self.events = InboxEvents()
        self.inbox = Inbox(capacity: configuration.capacity, events: self.events)
        self.requests = RequestLog(capacity: configuration.requestCapacity, events: self.events)
        self.account = Account(configuration.account)
        self.rates = RequestRates(configuration.account.requestsPerSecond)
        self.faults = FaultInjector(configuration.faults)
        let clock = EmulatorClock(base: configuration.now)
        let inbox = self.inbox
        self.clock = clock
        self.reports = configuration.reports.map { DeliveryReportPusher($0, inbox: inbox, clock: clock) }
        self.carrier = Carrier(
            schedule: configuration.delivery,
            inbox: self.inbox,
            account: self.account,
            reports: self.reports,
            clock: clock
        )
    }

    /// Changes the clock, and completes the deliveries that have become due.
    ///
    /// Delivery reports are pushed afterwards.
    func change(_ change: ClockChange) async {
        switch change {
        case .advance(let duration): self.clock.advance(by: duration.inSeconds)
        case .set(let date): self.clock.set(to: date)
        case .freeze(let isFrozen): self.clock.freeze(isFrozen)
        case .reset: self.clock.reset()
        }
        await self.carrier.processDueEvents()
        self.carrier.wake()
        self.reports?.wake()
    }

    /// Restores the initial state, but keeps issued credentials and used nonces.
    func reset() async {
        await self.carrier.reset()
        self.reports?.reset()
        self.faults.reset()
        self.account.reset()
        self.rates.reset()
        await self.change(.reset)
        await self.inbox.clear()
        self.requests.clear()
    }
}
