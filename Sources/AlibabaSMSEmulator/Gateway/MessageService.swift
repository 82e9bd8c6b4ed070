// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The message service behind the gateway, set up for one request.
struct MessageService: Sendable {
    /// The inbox namespace that receives the messages.
    let namespace: String
    let rules: SendRules
    let account: Account
    let carrier: Carrier
    let inbox: Inbox
    /// The faults that apply to messages, keyed by the index of the message in the request.
    let faults: [Int: Fault]
    let requestID: String
    /// The current time of the emulator's clock.
    let now: Date
    /// The current time of the reference clock of ``EmulatorClock``, for comparisons with timestamps from clients.
    ///
    /// This time differs from ``now`` if the emulator's clock was moved.
    let clientTime: Date
    /// A cache of the codes in the texts of the request.
    var codes = CodeCache()

    /// The latest timestamp that a client may send.
    ///
    /// This time includes a tolerance of one minute for clock skew.
    var latestTime: Date { max(self.now, self.clientTime).addingTimeInterval(60) }

    /// The number of seconds by which ``clientTime`` is behind the emulator's clock; 0 if ``clientTime`` is not behind.
    var clientLag: TimeInterval { max(0, self.now.timeIntervalSince(self.clientTime)) }

    /// Bills a message, appends it to the inbox, and passes it to the carrier.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - index: The index of the message in the request.
    /// - Returns: The message as stored in the inbox.
    /// - Throws: The service's error if the message is rejected.
    func send(_ message: ValidatedMessage, at index: Int = 0) async throws(ServiceError) -> InboxMessage {
        let fault = self.faults[index]
        if case .reject(let code, let status, let retryAfter) = fault?.effect {
            throw .injected(code, status: status, retryAfter: retryAfter)
        }
        let accepted = try await self.accept(message, fault: fault)
        // The response contains only one message ID, as if the gateway had sent the message twice by mistake.
        if fault == .duplicate { _ = try? await self.accept(message, fault: fault) }
        return accepted
    }

    private func accept(_ message: ValidatedMessage, fault: Fault?) async throws(ServiceError) -> InboxMessage {
        let cost = try self.account.bill(message.to, segments: message.segments, at: self.now)
        var draft = message.inboxMessage(
            id: Self.messageID(),
            requestID: self.requestID,
            costMicros: cost,
            code: message.code(self.codes),
            at: self.now
        )
        draft.namespace = self.namespace
        // The carrier receives the message first, because a reader of the inbox may advance the clock as soon as the message is
        // visible.
        return await self.inbox.append(draft) { self.carrier.enqueue($0, fault: fault) }
    }

    private static func messageID() -> String {
        "\(Int64.random(in: 100_000_000_000_000_000...999_999_999_999_999_999))"
    }
}

extension InboxMessage {
    /// The maximum number of events in a message's timeline; later events are dropped.
    private static let maximumEvents = 50

    /// Appends an event to the timeline, unless the timeline is full.
    mutating func record(_ event: Event) {
        if self.timeline.count < Self.maximumEvents { self.timeline.append(event) }
    }
}
