public import FoundationEssentials

/// What a test may do to an emulator while it runs.
extension SMSGatewayEmulator.Server {
    /// The time of the emulator.
    public var now: Date { self.world.clock.now }

    /// All that may go wrong.
    public var faults: FaultSettings { self.world.faults.settings }

    /// How often each rule has struck.
    public var struckFaultCounts: [Int] { self.world.faults.struckCounts }

    /// Replaces all that may go wrong; rules count from the start.
    ///
    /// - Parameter settings: All that may go wrong from now on.
    public func setFaults(_ settings: FaultSettings) { self.world.faults.set(settings) }

    /// Replaces all rules of what may go wrong.
    ///
    /// - Parameter rules: The rules from now on.
    public func setFaults(_ rules: [FaultRule]) { self.world.faults.set(FaultSettings(rules)) }

    /// The balance in millionths of the currency; `nil` never ends.
    public var balanceMicros: Int? { self.world.account.balanceMicros }

    /// Moves the clock, backwards with a negative duration.
    ///
    /// All that falls due with messages is done before this returns; reports are pushed soon after. The dates of
    /// requests are judged by a clock that is not moved.
    ///
    /// - Parameter duration: How far, and no further than a hundred years from the real time.
    public func advanceClock(by duration: Duration) async { await self.world.change(.advance(duration)) }

    /// Sets the clock.
    ///
    /// - Parameter date: The time, no more than a hundred years from the real one.
    public func setClock(to date: Date) async { await self.world.change(.set(date)) }

    /// Stops the clock, or lets it go on from where it stands.
    ///
    /// - Parameter isFrozen: Whether it is to stand.
    public func freezeClock(_ isFrozen: Bool = true) async { await self.world.change(.freeze(isFrozen)) }

    /// Lets the clock show the real time again.
    public func resetClock() async { await self.world.change(.reset) }

    /// Makes everything what it was at the start: messages, balance, counts, faults and clock.
    ///
    /// Credentials that were issued stay, and so do the nonces that were used.
    public func reset() async { await self.world.reset() }
}

extension SMSGatewayEmulator {
    /// The names of the actions that the gateway knows.
    public static var actions: [String] { GatewayActions.all.map(\.name) }
}
