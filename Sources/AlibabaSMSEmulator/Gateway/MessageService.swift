import FoundationEssentials

/// The service behind the gateway, as one request sees it.
struct MessageService: Sendable {
    let rules: SendRules
    let account: Account
    let inbox: Inbox
    let requestID: String
    /// The time of the emulator.
    let now: Date
    /// The time that clients may think it is, which differs if the emulator's was moved.
    let clientTime: Date

    /// The latest time that a client may name: none knows the time exactly.
    var latestTime: Date { max(self.now, self.clientTime).addingTimeInterval(60) }

    /// Takes a message: bills it and puts it into the inbox.
    func take(_ order: MessageOrder) async throws(BusinessFault) -> InboxMessage {
        let cost = try self.account.bill(order.to, segments: order.segments, at: self.now)
        let draft = order.message(id: Self.messageID(), requestID: self.requestID, costMicros: cost, at: self.now)
        return await self.inbox.append(draft)
    }

    private static func messageID() -> String {
        "\(Int64.random(in: 100_000_000_000_000_000...999_999_999_999_999_999))"
    }
}

extension InboxMessage {
    /// The most events of a message; what comes later is not noted.
    private static let maximumEvents = 50

    /// Notes that something happened, if not too much has.
    mutating func note(_ event: Event) {
        if self.timeline.count < Self.maximumEvents { self.timeline.append(event) }
    }
}
