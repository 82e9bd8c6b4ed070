// SPDX-License-Identifier: Apache-2.0

/// The facts of one send that the arithmetic reads.
public struct SendFacts: Sendable, Hashable {
    /// The cost of the message, in the policy's unit.
    public var cost: Int

    /// The region of the number.
    public var destination: RegionCode

    /// The trust in the request, without the allow-list.
    public var signals: SendSignals

    /// The end of the entry of the allow-list that covers the request; 0 without an entry.
    public var listedUntil: LedgerTime

    /// Creates the facts of a send.
    ///
    /// - Parameters:
    ///   - cost: The cost of the message, in the policy's unit.
    ///   - destination: The region of the number.
    ///   - signals: The trust in the request, without the allow-list.
    ///   - listedUntil: The end of the entry of the allow-list that covers the request; 0 without an entry.
    public init(
        cost: Int,
        destination: RegionCode,
        signals: SendSignals,
        listedUntil: LedgerTime = LedgerTime(seconds: 0)
    ) {
        self.cost = cost
        self.destination = destination
        self.signals = signals
        self.listedUntil = listedUntil
    }

    /// The trust by signals alone.
    package var signalled: SendStanding {
        if !self.signals.isDisjoint(with: [.knownDevice, .knownNumber]) { return .known }
        return self.signals.contains(.humanCheckPassed) ? .checked : .ordinary
    }

    /// The trust at a time: an entry of the allow-list ends by the ledger's clock.
    package func standing(at now: LedgerTime) -> SendStanding {
        self.listedUntil > now ? max(self.signalled, .listed) : self.signalled
    }
}
