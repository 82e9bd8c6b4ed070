import FoundationEssentials
import TextFormats

/// All that the emulator is made of but its HTTP server.
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

    /// Moves or stops the clock; what falls due with messages is done before this returns, and reports follow.
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

    /// Makes everything what it was at the start, but the credentials that were issued and the nonces that were used.
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
