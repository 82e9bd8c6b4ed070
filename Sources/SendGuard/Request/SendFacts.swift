// SPDX-License-Identifier: Apache-2.0

/// The properties of a send that affect the decision of a ledger.
public struct SendFacts: Sendable, Hashable {
    /// The cost of the message, in the policy's unit of money.
    public var cost: Int

    /// The region of the phone number.
    public var destination: RegionCode

    /// The reasons to trust the request, apart from the allow-list.
    public var signals: SendSignals

    /// The end of the allow-list entry for the request; 0 if no entry applies.
    public var listedUntil: LedgerTime

    /// Creates the properties of a send.
    ///
    /// - Parameters:
    ///   - cost: The cost of the message, in the policy's unit.
    ///   - destination: The region of the phone number.
    ///   - signals: The reasons to trust the request, apart from the allow-list.
    ///   - listedUntil: The end of the allow-list entry for the request; 0 if no entry applies.
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

    /// The level of trust in the request according to its signals, without the allow-list.
    package var signalled: SendStanding {
        if !self.signals.isDisjoint(with: [.knownDevice, .knownNumber]) { return .known }
        return self.signals.contains(.humanCheckPassed) ? .checked : .ordinary
    }

    /// Returns the level of trust in the request at a time.
    ///
    /// An allow-list entry applies only until its end.
    package func standing(at now: LedgerTime) -> SendStanding {
        self.listedUntil > now ? max(self.signalled, .listed) : self.signalled
    }
}
