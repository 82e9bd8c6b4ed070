import FoundationEssentials

/// The service behind the gateway, as one request sees it.
struct MessageService: Sendable {
    /// The namespace of the inbox into which messages go.
    let namespace: String
    let rules: SendRules
    let account: Account
    let carrier: Carrier
    let inbox: Inbox
    /// What goes wrong with the messages of the request, by their places.
    let faults: [Int: Fault]
    let requestID: String
    /// The time of the emulator.
    let now: Date
    /// The time that clients may think it is, which differs if the emulator's was moved.
    let clientTime: Date
    /// The codes of the texts of the request.
    var codes = CodeCache()

    /// The latest time that a client may name: none knows the time exactly.
    var latestTime: Date { max(self.now, self.clientTime).addingTimeInterval(60) }

    /// By how many seconds the time of clients is behind that of the emulator, which may have been moved on.
    var clientLag: TimeInterval { max(0, self.now.timeIntervalSince(self.clientTime)) }

    /// Takes a message: bills it, puts it into the inbox and hands it to the carrier.
    ///
    /// - Parameters:
    ///   - order: The message.
    ///   - place: Its place in the request.
    /// - Returns: The message as it is in the inbox.
    /// - Throws: Why the service does not take it.
    func send(_ order: ValidatedMessage, at place: Int = 0) async throws(ServiceError) -> InboxMessage {
        let fault = self.faults[place]
        if case .reject(let code, let status, let retryAfter) = fault?.effect {
            throw .planned(code, status: status, retryAfter: retryAfter)
        }
        let message = try await self.accept(order, fault: fault)
        // The copy has an identifier that nobody was told, as if the gateway had taken the message twice.
        if fault == .duplicate { _ = try? await self.accept(order, fault: fault) }
        return message
    }

    private func accept(_ order: ValidatedMessage, fault: Fault?) async throws(ServiceError) -> InboxMessage {
        let cost = try self.account.bill(order.to, segments: order.segments, at: self.now)
        var draft = order.message(
            id: Self.messageID(),
            requestID: self.requestID,
            costMicros: cost,
            code: order.code(self.codes),
            at: self.now
        )
        draft.namespace = self.namespace
        // Whoever sees the message may move the clock at once, and finds it moved on.
        return await self.inbox.append(draft) { self.carrier.enqueue($0, fault: fault) }
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
