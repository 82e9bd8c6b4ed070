// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

extension SMSGatewayEmulator {
    /// A running emulator.
    public struct Server: Sendable {
        /// The host on which the emulator listens.
        public let host: String

        /// The port on which the emulator listens.
        public let port: Int

        let world: EmulatorWorld

        /// The inbox, which stores the messages that the emulator accepted.
        public var inbox: Inbox { self.world.inbox }

        /// The log of requests to the gateway, including rejected requests.
        public var requests: RequestLog { self.world.requests }

        /// The base URL of the gateway, the inbox, STS and the metadata service, without a trailing slash.
        ///
        /// If the emulator listens on all addresses, this URL contains the loopback address.
        public var baseURL: String { "http://\(ListenAddress(self.host).authority):\(self.port)" }

        /// The URL that returns the credential of the instance role, as a value for `ALIBABA_CLOUD_CREDENTIALS_URI`.
        public var credentialsURI: String { "\(self.baseURL)/credentials" }

        /// The number of temporary credentials issued so far.
        public var issuedCredentialCount: Int { self.world.accessKeys.issuedCount }
    }
}

// MARK: Control

extension SMSGatewayEmulator.Server {
    /// The current time of the emulator's clock.
    public var now: Date { self.world.clock.now }

    /// The faults that are injected.
    public var faults: FaultSettings { self.world.faults.settings }

    /// The number of requests and messages that each fault rule affected, in the order of ``FaultSettings/rules``.
    public var struckFaultCounts: [Int] { self.world.faults.struckCounts }

    /// Replaces the fault settings, and resets the counts in ``struckFaultCounts``.
    ///
    /// - Parameter settings: The new settings.
    public func setFaults(_ settings: FaultSettings) { self.world.faults.set(settings) }

    /// Replaces the fault rules, and resets all other fault settings to their defaults.
    public func setFaults(_ rules: [FaultRule]) { self.world.faults.set(FaultSettings(rules)) }

    /// The balance in millionths of the account's currency; `nil` is unlimited.
    public var balanceMicros: Int? { self.world.account.balanceMicros }

    /// Moves the clock forward.
    ///
    /// A negative duration moves the clock back.
    ///
    /// The method returns when all due deliveries are complete. The reports of these deliveries are pushed soon after. Request
    /// dates are still checked against the reference clock, which is usually the clock of the system.
    ///
    /// - Parameter duration: The duration to add. The clock stays within a hundred years of the reference clock.
    public func advanceClock(by duration: Duration) async { await self.world.change(.advance(duration)) }

    /// Sets the clock to a time.
    ///
    /// The clock stays within a hundred years of the reference clock, which is usually the clock of the system.
    ///
    /// - Parameter date: The new time.
    public func setClock(to date: Date) async { await self.world.change(.set(date)) }

    /// Stops the clock if `isFrozen` is `true`.
    ///
    /// Otherwise, a stopped clock continues from the time that it shows.
    public func freezeClock(_ isFrozen: Bool = true) async { await self.world.change(.freeze(isFrozen)) }

    /// Sets the clock to the time of the reference clock, and starts the clock if it was stopped.
    ///
    /// The reference clock is usually the clock of the system.
    public func resetClock() async { await self.world.change(.reset) }

    /// Removes all messages and requests, and restores the initial balance, message counts, fault settings and clock.
    ///
    /// Issued credentials and used nonces are kept.
    public func reset() async { await self.world.reset() }
}
