// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Deadlines
import OTPTesting
import SMSKit
import Synchronization
import Testing

@testable import AlibabaSMS

/// Tests that a request without a connection counts as not written.
@Suite struct ConnectionSlotTests {
    /// The observations of concurrent tasks, in the order of their recording.
    private final class Notes: Sendable {
        let order = Mutex<[Int]>([])
        let inUse = Mutex((now: 0, most: 0))
    }

    @Test("Messages without a connection in time are rejected, and all others are unknown", arguments: [1, 2, 5])
    func moreMessagesThanConnections(connections: Int) async throws {
        try await MisbehavingServer.with([.hangAfterReading]) { server in
            try await withClient(server.url) {
                $0.maximumConnections = connections
                $0.maximumRequests = 1
            } _: { client in
                let message = try Fixture.message()
                let early = (0..<connections).map { _ in Task { await client.send(message, timeout: .seconds(30)) } }
                #expect(try await eventually { server.requestCount == connections })
                let late = (0..<20).map { _ in Task { await client.send(message, timeout: .milliseconds(200)) } }
                for send in late {
                    let outcome = await send.value
                    #expect(outcome.isRejected)
                    #expect(outcome.error?.code == "unreachable")
                    #expect(outcome.error?.kind == .transient)
                }
                for send in early { send.cancel() }
                for send in early { #expect(await send.value.isUnknown) }
                #expect(server.requestCount == connections)
            }
        }
    }

    @Test("A message that waits for a connection and is cancelled is rejected as cancelled")
    func cancelled() async throws {
        try await MisbehavingServer.with([.hangAfterReading]) { server in
            try await withClient(server.url) {
                $0.maximumConnections = 1
            } _: { client in
                let message = try Fixture.message()
                let early = Task { await client.send(message, timeout: .seconds(30)) }
                #expect(try await eventually { server.requestCount == 1 })
                let late = Task { await client.send(message, timeout: .seconds(30)) }
                #expect(try await eventually { client.httpClient.slots.waiterCount == 1 })
                late.cancel()
                let outcome = await late.value
                #expect(outcome.isRejected)
                #expect(outcome.error?.code == "cancelled")
                early.cancel()
                #expect(await early.value.isUnknown)
            }
        }
    }

    @Test("All messages are sent when there are fewer connections than messages")
    func fewConnections() async throws {
        let ok = MisbehavingServer.http("200 OK", #"{"ResponseCode":"OK","MessageId":"1"}"#)
        try await MisbehavingServer.with([.respond(ok)]) { server in
            try await withClient(server.url) {
                $0.maximumConnections = 2
            } _: { client in
                let message = try Fixture.message()
                let sends = (0..<100).map { _ in Task { await client.send(message, timeout: .seconds(30)) } }
                for send in sends { #expect(await send.value.error == nil) }
                #expect(server.requestCount == 100)
            }
        }
    }

    @Test("Calls that wait for the rate limit use no connection")
    func rateLimitHoldsNoSlot() async throws {
        let clock = ManualClock()
        let ok = MisbehavingServer.http("200 OK", #"{"ResponseCode":"OK","MessageId":"1"}"#)
        try await MisbehavingServer.with([.respond(ok)]) { server in
            try await withClient(server.url, configure: Self.oneConnection, clock: clock) { client in
                let action = SendMessageToGlobe(to: try Fixture.number(), message: "Hi")
                #expect(await client.perform(action, timeout: .seconds(5)).end == .accepted)
                let sleepers = clock.sleeperCount
                let sends = (0..<5).map { _ in Task { await client.perform(action, timeout: .seconds(60)) } }
                #expect(try await eventually { clock.sleeperCount >= sleepers + 5 })
                for id in ["1", "2", "3"] {
                    let conversion = SmsConversion(messageID: id, isDelivered: true)
                    #expect(await client.perform(conversion, timeout: .seconds(1)).end == .accepted)
                }
                for timeout in [1, 2, 5] as [Int64] {
                    let late = await client.perform(action, timeout: .seconds(timeout))
                    #expect(late.error?.code == .rateLimited)
                    #expect(late.error?.kind == .throttled)
                }
                #expect(client.httpClient.slots.waiterCount == 0)
                #expect(server.requestCount == 4)
                try await Self.expectRequests(5...9, from: .seconds(1), server, clock)
                for send in sends { #expect(await send.value.end == .accepted) }
            }
        }
    }

    @Test("Calls that waited for a connection keep the rate limit when connections become free")
    func slotsKeepRateLimit() async throws {
        let clock = ManualClock()
        let ok = MisbehavingServer.http("200 OK", #"{"ResponseCode":"OK","MessageId":"1"}"#)
        try await MisbehavingServer.with([.hangAfterReading, .respond(ok)]) { server in
            try await withClient(server.url, configure: Self.oneConnection, clock: clock) { client in
                let action = SendMessageToGlobe(to: try Fixture.number(), message: "Hi")
                let conversion = SmsConversion(messageID: "1", isDelivered: true)
                let first = Task { await client.perform(conversion, timeout: .seconds(60)) }
                #expect(try await eventually { server.requestCount == 1 })
                let sends = (0..<4).map { _ in Task { await client.perform(action, timeout: .seconds(60)) } }
                #expect(try await eventually { client.httpClient.slots.waiterCount == 4 })
                clock.advance(by: .seconds(5))
                first.cancel()
                _ = await first.value
                try await Self.expectRequests(2...5, from: .seconds(5), server, clock)
                for send in sends { #expect(await send.value.end == .accepted) }
            }
        }
    }

    private static func oneConnection(_ configuration: inout AlibabaSMSConfiguration) {
        configuration.maximumConnections = 1
        configuration.maximumRequests = 1
        configuration.totalTimeout = .seconds(600)
        configuration.readTimeout = .seconds(300)
        configuration.requestsPerSecond = [SendMessageToGlobe.name: 1]
    }

    /// Advances the clock until all requests have arrived, and checks that they are at least one second apart.
    private static func expectRequests(
        _ counts: ClosedRange<Int>,
        from start: Duration,
        _ server: MisbehavingServer,
        _ clock: ManualClock
    ) async throws {
        for (index, count) in counts.enumerated() {
            let arrived = try await eventually {
                if server.requestCount < count { clock.advance(by: .milliseconds(20)) }
                return server.requestCount >= count
            }
            #expect(arrived)
            #expect(server.requestCount == count)
            #expect(clock.now.offset >= start + .seconds(index))
        }
    }

    @Test("The longest waiter gets the next slot")
    func order() async throws {
        let slots = ConnectionSlots(count: 1)
        var slot = await slots.acquire(within: .seconds(1), on: .continuous)
        #expect(slot != nil)
        let notes = Notes()
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<5 {
                group.addTask {
                    let slot = await slots.acquire(within: .seconds(30), on: .continuous)
                    notes.order.withLock { $0.append(index) }
                    withExtendedLifetime(slot) {}
                }
                while slots.waiterCount <= index { await Task.yield() }
            }
            slot = nil
        }
        #expect(notes.order.withLock { $0 } == [0, 1, 2, 3, 4])
        #expect(slot == nil)
    }

    @Test("No slot is lost when waiters time out, are cancelled and are granted concurrently")
    func race() async throws {
        let slots = ConnectionSlots(count: 3)
        let notes = Notes()
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<600 {
                group.addTask {
                    let time = Duration.microseconds(index % 7 * 300)
                    guard let slot = await slots.acquire(within: time, on: .continuous) else { return }
                    notes.inUse.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                    if index % 3 == 0 { try? await Task.sleep(for: .microseconds(100)) }
                    notes.inUse.withLock { $0.now -= 1 }
                    withExtendedLifetime(slot) {}
                }
                if index == 400 { group.cancelAll() }
            }
        }
        #expect(notes.inUse.withLock { $0.most } <= 3)
        #expect(slots.waiterCount == 0)
        var held: [ConnectionSlots.Slot?] = []
        for _ in 0..<3 { held.append(await slots.acquire(within: .zero, on: .continuous)) }
        #expect(held.allSatisfy { $0 != nil })
        #expect(await slots.acquire(within: .milliseconds(1), on: .continuous) == nil)
        withExtendedLifetime(held) {}
    }
}
