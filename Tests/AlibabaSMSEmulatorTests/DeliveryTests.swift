// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import Testing

@testable import AlibabaSMSEmulator

/// Tests of the delivery of messages by the schedule and the clock.
@Suite struct DeliveryTests {
    static let start = Date(timeIntervalSince1970: 1_800_000_000)

    static func message(validity: Int? = nil) -> InboxMessage {
        InboxMessage(
            messageID: "1",
            requestID: "r",
            to: "+6591234567",
            text: "x",
            validityPeriod: validity,
            receivedAt: Self.start,
            encoding: "gsm7",
            segments: 1
        )
    }

    /// Waits until a message meets a condition, and returns the message.
    static func wait(
        for messageID: String,
        in emulator: SMSGatewayEmulator.Server,
        until holds: (InboxMessage) -> Bool
    ) async throws -> InboxMessage {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            if let message = await emulator.inbox.message(messageID: messageID), holds(message) { return message }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw TimeIsUp()
    }

    struct TimeIsUp: Error {}

    @Test(
        arguments: [
            (nil, nil, [(1.0, "submitted", nil), (3.0, "delivered", "DELIVERED")]),
            (300, nil, [(1.0, "submitted", nil), (3.0, "delivered", "DELIVERED")]),
            (1, nil, [(1.0, "submitted", nil), (3.0, "delivered", "DELIVERED")]),
            (nil, .undelivered(code: "REJECTD"), [(1.0, "submitted", nil), (3.0, "failed", "REJECTD")]),
            (nil, .reportDelay(by: .seconds(60)), [(1.0, "submitted", nil), (63.0, "delivered", "DELIVERED")]),
        ] as [(Int?, Fault?, [(Double, String, String?)])]
    )
    func aScheduleReturnsTheFutureEventsOfAMessage(validity: Int?, fault: Fault?, steps: [(Double, String, String?)]) {
        let events = DeliverySchedule().steps(of: Self.message(validity: validity), fault: fault)
        #expect(events.map { $0.at.timeIntervalSince(Self.start) } == steps.map(\.0))
        #expect(events.map(\.kind.rawValue) == steps.map(\.1))
        #expect(events.map(\.detail) == steps.map(\.2))
    }

    @Test func aMessageExpiresIfItIsNotSubmittedWithinItsValidityPeriod() {
        let events = DeliverySchedule(submission: .seconds(10)).steps(of: Self.message(validity: 9), fault: nil)
        #expect(events.map(\.kind) == [.expired])
        #expect(events.first?.at == Self.start.addingTimeInterval(9))
    }

    @Test func advancingTheClockChangesTheStatusThatAQueryReturns() async throws {
        let configuration = SMSGatewayEmulator.Configuration(accessKeys: [try key()], now: { Self.start })
        try await SMSGatewayEmulator.withServer(configuration) { emulator async throws in
            func query(_ id: String) async throws -> [String: Any] {
                let parameters = [("MessageId", id)]
                let request = try SpoilableRequest(
                    to: emulator,
                    action: "QueryMessage",
                    parameters: parameters,
                    date: Self.start
                )
                return try await request.send(to: emulator).json
            }
            var ids: [String] = []
            for number in ["6591234567", "447700900001"] {
                let parameters = [("To", number), ("Message", "Hi")]
                let request = try SpoilableRequest(to: emulator, parameters: parameters, date: Self.start)
                ids.append(try #require(try await request.send(to: emulator).json["MessageId"] as? String))
            }
            #expect(try await query(ids[0])["Status"] as? String == "3")
            await emulator.advanceClock(by: .milliseconds(999))
            #expect(await emulator.inbox.messages().allSatisfy { $0.status == .accepted })
            await emulator.advanceClock(by: .milliseconds(1))
            #expect(await emulator.inbox.messages().allSatisfy { $0.status == .submitted })
            #expect(try await query(ids[0])["Status"] as? String == "3")
            await emulator.advanceClock(by: .seconds(3600))
            let delivered = try await query(ids[0])
            #expect(delivered["Status"] as? String == "1")
            #expect(delivered["ErrorCode"] as? String == "DELIVERED")
            #expect(delivered["ErrorDescription"] as? String == "success")
            #expect(delivered["SendDate"] as? String == "Fri, 15 Jan 2027 16:00:00 +0800")
            #expect(delivered["ReceiveDate"] as? String == "Fri, 15 Jan 2027 16:00:03 +0800")
            let failed = try await query(ids[1])
            #expect(failed["Status"] as? String == "2")
            #expect(failed["ErrorCode"] as? String == "UNDELIV")
            let message = await emulator.inbox.message(messageID: ids[0])
            #expect(message?.timeline.map(\.kind) == [.accepted, .submitted, .delivered])
        }
    }

    @Test func messagesAreDeliveredInRealTime() async throws {
        let configuration = SMSGatewayEmulator.Configuration(
            accessKeys: [try key()],
            delivery: .init(submission: .milliseconds(5), delivery: .milliseconds(5))
        )
        try await SMSGatewayEmulator.withServer(configuration) { emulator async throws in
            for _ in 0..<3 {
                let response = try await SpoilableRequest(to: emulator).send(to: emulator)
                let id = try #require(response.json["MessageId"] as? String)
                _ = try await Self.wait(for: id, in: emulator) { $0.status == .delivered }
            }
        }
    }

    @Test func anExpiredMessageIsNotBilled() async throws {
        var configuration = SMSGatewayEmulator.Configuration(accessKeys: [try key()])
        configuration.account = .init(balanceMicros: 10, prices: .init(micros: [:], otherMicros: 4))
        configuration.delivery = .init(submission: .seconds(60))
        try await SMSGatewayEmulator.withServer(configuration) { emulator async throws in
            let parameters = ActionTests.globe + [("ValidityPeriod", "30")]
            let request = try SpoilableRequest(to: emulator, parameters: parameters)
            #expect(try await request.send(to: emulator).code == "OK")
            #expect(emulator.balanceMicros == 6)
            await emulator.advanceClock(by: .seconds(31))
            let message = await emulator.inbox.messages().first
            #expect(message?.status == .expired)
            #expect(message?.costMicros == 0)
            #expect(emulator.balanceMicros == 10)
        }
    }

    @Test func theClockDeliversAMessageAsSoonAsAReaderSeesIt() async throws {
        let configuration = SMSGatewayEmulator.Configuration(accessKeys: [try key()], now: { Self.start })
        try await SMSGatewayEmulator.withServer(configuration) { emulator async throws in
            for id in 1...200 {
                async let response = SpoilableRequest(to: emulator, date: Self.start).send(to: emulator)
                let filter = InboxFilter(since: .message(id - 1))
                let message = try #require(await emulator.inbox.wait(for: filter, timeout: .seconds(30)))
                await emulator.advanceClock(by: .seconds(3))
                #expect(await emulator.inbox.message(id: message.id)?.status == .delivered)
                let code = try await response.code
                #expect(code == "OK")
            }
        }
    }

    private static func carrier(_ clock: EmulatorClock) -> Carrier {
        Carrier(
            schedule: .init(),
            inbox: Inbox(capacity: 10),
            account: Account(.init()),
            reports: nil,
            clock: clock
        )
    }

    @Test(.timeLimit(.minutes(1))) func aResetRemovesDeliveriesThatAreBeingProcessed() async {
        let clock = EmulatorClock(base: { Self.start })
        let carrier = Self.carrier(clock)
        for _ in 0..<20 {
            for _ in 0..<1000 { carrier.enqueue(Self.message(), fault: nil) }
            clock.set(to: Self.start.addingTimeInterval(1))
            async let processed: Void = carrier.processDueEvents()
            // While the carrier processes an event, it removes a message from its queue.
            for _ in 0..<1000 where carrier.count == 1000 { await Task.yield() }
            await carrier.reset()
            await processed
            #expect(carrier.count == 0)
        }
    }

    @Test func theNumberOfPendingDeliveriesIsBounded() async {
        let clock = EmulatorClock(base: { Self.start })
        let carrier = Self.carrier(clock)
        for _ in 0..<(Carrier.capacity + 1000) { carrier.enqueue(Self.message(), fault: nil) }
        #expect(carrier.count == Carrier.capacity)
        clock.advance(by: 10)
        await carrier.processDueEvents()
        #expect(carrier.count == 0)
    }
}
