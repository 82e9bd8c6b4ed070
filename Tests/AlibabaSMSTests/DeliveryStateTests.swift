// SPDX-License-Identifier: Apache-2.0

import OTPTesting
import Testing

@testable import AlibabaSMS

@Suite(.timeLimit(.minutes(2))) struct DeliveryStateTests {
    typealias Behavior = MisbehavingServer.Behavior

    static func response(_ fields: String) -> Behavior { .respond(MisbehavingServer.http("200 OK", "{\(fields)}")) }

    static let sending = response(#""ResponseCode":"OK","Status":"3""#)
    static let absent = response(#""ResponseCode":"DATA_NOT_EXIST""#)
    static let delivered = response(#""ResponseCode":"OK","Status":"1""#)
    static let failed = response(#""ResponseCode":"OK","Status":"2""#)
    static let throttled = response(#""ResponseCode":"QPS_LIMIT_CONTROL""#)
    static let denied = response(#""ResponseCode":"RAM_PERMISSION_DENY""#)

    /// Polls the delivery state until there is a result, and advances the clock whenever the task sleeps.
    static func state(
        _ behaviors: [Behavior],
        until timeout: Duration
    ) async throws -> (state: DeliveryState, requests: Int, time: Duration) {
        let clock = ManualClock()
        return try await MisbehavingServer.with(behaviors) { server in
            let configure: (inout AlibabaSMSConfiguration) -> Void = { $0.maximumRequests = 1 }
            return try await withClient(server.url, configure: configure, clock: clock, deadlines: ManualClock()) {
                client in
                let mover = Task {
                    while !Task.isCancelled {
                        if clock.sleeperCount > 0 { clock.advance(by: .milliseconds(100)) }
                        try await Task.sleep(for: .milliseconds(1))
                    }
                }
                let state = await client.deliveryState(of: "1", until: timeout)
                mover.cancel()
                return (state, server.requestCount, clock.now.offset)
            }
        }
    }

    @Test func pollingEndsWithAFinalState() async throws {
        let result = try await Self.state([Self.absent, Self.sending, Self.delivered], until: .seconds(600))
        #expect(result.state.kind == .delivered)
        #expect(result.requests == 3)
        // The delays are at least half a second and one second.
        #expect(result.time >= .milliseconds(1500))
    }

    @Test func failedDeliveryIsFinal() async throws {
        let result = try await Self.state([Self.failed], until: .seconds(600))
        #expect(result.state.kind == .failed)
        #expect(result.requests == 1)
    }

    @Test func temporaryErrorsAreRetried() async throws {
        let result = try await Self.state([Self.throttled, .closeAfterReading, Self.delivered], until: .seconds(600))
        #expect(result.state.kind == .delivered)
        #expect(result.requests == 3)
    }

    @Test func permanentErrorEndsPolling() async throws {
        let result = try await Self.state([Self.denied], until: .seconds(600))
        #expect(result.state.kind == .unavailable)
        #expect(result.state.error?.code == "RAM_PERMISSION_DENY")
        #expect(result.requests == 1)
    }

    @Test func pollingEndsAtTheTimeout() async throws {
        for (behavior, isKnown) in [(Self.sending, true), (Self.absent, false)] {
            let result = try await Self.state([behavior], until: .seconds(5))
            #expect(result.state.kind == .pending)
            #expect((result.state.response != nil) == isKnown)
            // The delays are 0.5 to 1, 1 to 2, and 2 to 4 seconds, so five seconds are enough for three or four queries.
            #expect((3...4).contains(result.requests))
            #expect(result.time < .seconds(6))
        }
    }

    /// If the timeout interrupts the last query, the state must not change.
    @Test func interruptedLastQueryKeepsThePendingState() async throws {
        let clock = ManualClock()
        let deadlines = ManualClock()
        try await MisbehavingServer.with([Self.absent, .hangAfterReading]) { server in
            try await withClient(server.url, clock: clock, deadlines: deadlines) { client in
                let state = Task { await client.deliveryState(of: "1", until: .seconds(5)) }
                while clock.sleeperCount == 0 { try await Task.sleep(for: .milliseconds(1)) }
                clock.advance(by: .seconds(1))
                while server.requestCount < 2 { try await Task.sleep(for: .milliseconds(1)) }
                clock.advance(by: .seconds(4))
                let mover = Task {
                    while !Task.isCancelled {
                        deadlines.advance(by: .seconds(1))
                        try await Task.sleep(for: .milliseconds(1))
                    }
                }
                defer { mover.cancel() }
                #expect(await state.value == DeliveryState(.pending))
            }
        }
    }

    @Test func cancellationEndsPolling() async throws {
        let clock = ManualClock()
        try await MisbehavingServer.with([Self.sending]) { server in
            try await withClient(server.url, clock: clock, deadlines: ManualClock()) { client in
                let task = Task { await client.deliveryState(of: "1", until: .seconds(600)) }
                // The client sleeps after it has read the response.
                while clock.sleeperCount == 0 { try await Task.sleep(for: .milliseconds(1)) }
                task.cancel()
                #expect(await task.value.kind == .pending)
                #expect(server.requestCount == 1)
            }
        }
    }
}
