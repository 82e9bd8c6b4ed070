// SPDX-License-Identifier: Apache-2.0

import Deadlines
import Foundation
import OTPTesting
import SMSKit
import Testing

@testable import AlibabaSMS

@Suite struct ConversionReporterTests {
    typealias Behavior = MisbehavingServer.Behavior

    static let ok = Behavior.respond(MisbehavingServer.http("200 OK", #"{"ResponseCode":"OK"}"#))
    static let wrong = Behavior.respond(MisbehavingServer.http("200 OK", #"{"ResponseCode":"INVALID_PARAMETERS"}"#))
    static let denied = Behavior.respond(MisbehavingServer.http("200 OK", #"{"ResponseCode":"RAM_PERMISSION_DENY"}"#))

    static func with<Result: Sendable>(
        _ behaviors: [Behavior],
        _ body: (AlibabaSMSClient, MisbehavingServer) async throws -> Result
    ) async throws -> Result {
        try await MisbehavingServer.with(behaviors) { server in
            try await withClient(server.url, configure: { $0.maximumRequests = 1 }) { try await body($0, server) }
        }
    }

    static func until(_ isSo: () -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while !isSo(), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(2)) }
        #expect(isSo())
    }

    @Test func reportsArriveAtTheGateway() async throws {
        try await Self.with([Self.ok]) { client, server in
            let reporter = ConversionReporter(client: client)
            let number = try Fixture.number()
            #expect(reporter.report(messageID: "17", isUsed: true, to: number))
            #expect(reporter.report(messageID: "18", isUsed: false))
            #expect(reporter.statistics.queued == 2)
            reporter.finish()
            await reporter.run()
            #expect(reporter.statistics == .init(reported: 2, failed: 0, dropped: 0, queued: 0))
            let requests = server.requestHeads.sorted { $0.contains("MessageId=17") && !$1.contains("MessageId=17") }
            #expect(requests[0].contains("Delivered=true"))
            #expect(requests[0].contains("To=6591234567"))
            #expect(requests[0].contains("ConversionTime="))
            #expect(requests[1].contains("Delivered=false"))
        }
    }

    @Test func fullQueueDropsAndCountsReports() async throws {
        try await Self.with([Self.ok]) { client, server in
            let reporter = ConversionReporter(client: client, capacity: 10)
            let start = ContinuousClock.now
            let taken = (0..<10_000).count { reporter.report(messageID: "\($0)", isUsed: true) }
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(taken == 10)
            #expect(reporter.statistics == .init(reported: 0, failed: 0, dropped: 9990, queued: 10))
            #expect(server.requestCount == 0)
            reporter.finish()
            await reporter.run()
            #expect(reporter.statistics == .init(reported: 10, failed: 0, dropped: 9990, queued: 0))
        }
    }

    @Test func hangingGatewayBlocksNoCallerAndLimitsConcurrency() async throws {
        try await Self.with([.hangAfterReading]) { client, server in
            let reporter = ConversionReporter(client: client, capacity: 50, maximumConcurrency: 3)
            let run = Task { await reporter.run() }
            for index in 0..<100 { reporter.report(messageID: "\(index)", isUsed: true) }
            try await Self.until { server.requestCount == 3 }
            // One more report has left the queue, and waits for a free task.
            #expect(reporter.statistics.queued <= 54)
            #expect(server.requestCount == 3)
            run.cancel()
            await run.value
            let statistics = reporter.statistics
            #expect(statistics.queued == 0)
            #expect(statistics.reported + statistics.failed + statistics.dropped == 100)
            #expect(statistics.reported == 0)
            // After the end, the reporter drops reports and counts them.
            #expect(!reporter.report(messageID: "1", isUsed: true))
            #expect(reporter.statistics.dropped == statistics.dropped + 1)
        }
    }

    @Test func circuitBreakerOpensAfterConsecutiveFailures() async throws {
        try await Self.with([Self.denied]) { client, server in
            let reporter = ConversionReporter(
                client: client,
                maximumConcurrency: 1,
                failuresToOpen: 5,
                openInterval: .seconds(3600)
            )
            for index in 0..<100 { reporter.report(messageID: "\(index)", isUsed: true) }
            reporter.finish()
            await reporter.run()
            #expect(reporter.statistics == .init(reported: 0, failed: 5, dropped: 95, queued: 0))
            #expect(server.requestCount == 5)
        }
    }

    @Test func invalidReportsDoNotOpenTheCircuitBreaker() async throws {
        try await Self.with([Self.wrong]) { client, server in
            let reporter = ConversionReporter(client: client, maximumConcurrency: 1, failuresToOpen: 2)
            for index in 0..<20 { reporter.report(messageID: "\(index)", isUsed: true) }
            reporter.report(messageID: "not an identifier", isUsed: true)
            reporter.finish()
            await reporter.run()
            #expect(reporter.statistics == .init(reported: 0, failed: 21, dropped: 0, queued: 0))
            #expect(server.requestCount == 20)
        }
    }

    @Test func reporterRunsOnce() async throws {
        try await Self.with([Self.ok]) { client, _ in
            let reporter = ConversionReporter(client: client)
            let first = Task { await reporter.run() }
            reporter.report(messageID: "1", isUsed: true)
            try await Self.until { reporter.statistics.reported == 1 }
            // While the first call runs, a second call returns immediately.
            await reporter.run()
            reporter.report(messageID: "2", isUsed: true)
            try await Self.until { reporter.statistics.reported == 2 }
            reporter.finish()
            await first.value
        }
    }

    @Test func circuitBreakerOpensProbesAndCloses() {
        var breaker = CircuitBreaker(failuresToOpen: 2, openInterval: .seconds(30))
        func admits(_ time: Duration) -> Bool { breaker.admits(at: time) }
        #expect(admits(.zero))
        breaker.record(isSuccess: false, at: .zero)
        #expect(admits(.zero))
        breaker.record(isSuccess: true, at: .zero)
        breaker.record(isSuccess: false, at: .zero)
        #expect(admits(.zero))
        breaker.record(isSuccess: false, at: .zero)
        #expect(!admits(.zero))
        #expect(!admits(.milliseconds(29_999)))
        // The breaker admits one probe, and no other call until the probe has ended.
        #expect(admits(.seconds(30)))
        #expect(!admits(.seconds(30)))
        breaker.record(isSuccess: false, at: .seconds(31))
        #expect(!admits(.seconds(60)))
        #expect(admits(.seconds(61)))
        breaker.record(isSuccess: true, at: .seconds(61))
        #expect(admits(.seconds(61)))
        #expect(admits(.seconds(61)))
    }
}
