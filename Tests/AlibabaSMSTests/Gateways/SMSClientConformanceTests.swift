// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSEmulator
import AsyncHTTPClient
import Foundation
import NIOCore
import OTPTesting
import SMSKit
import Testing

/// Tests that the conformance check accepts correct clients, and finds every mistake of an incorrect client.
@Suite(.timeLimit(.minutes(5))) struct SMSClientConformanceTests {
    typealias Fault = SMSClientConformance.Fault

    // MARK: AlibabaSMSClient

    /// Returns the fault rules of the emulator for a fault of the conformance check.
    static func rules(_ fault: Fault) -> [FaultRule] {
        switch fault {
        case .rejected: [FaultRule(.reject(code: "MOBILE_NUMBER_ILLEGAL"))]
        case .closed: [FaultRule(.unreachable)]
        case .acceptedAndClosed: [FaultRule(.acceptThenClose)]
        case .withoutResponse: [FaultRule(.hang())]
        case .acceptedWithoutResponse: [FaultRule(.slow(by: .seconds(300)))]
        case .badGateway: [FaultRule(.http(status: 502))]
        case .acceptedAndBadGateway: [FaultRule(.http(status: 502, afterProcessing: true))]
        case .acceptedAndUnreadable: [FaultRule(.garbage(afterProcessing: true))]
        default: []
        }
    }

    @Test(arguments: [false, true])
    func alibabaSMSClientPasses(repeatsUnansweredRequests: Bool) async throws {
        let key = try Fixture.credential()
        let closedPort = try await MisbehavingServer.closedPort()
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key])) { emulator in
            let clients = try [emulator.baseURL, "http://127.0.0.1:\(closedPort)"]
                .map { endpoint in
                    try AlibabaSMSClient(
                        configuration: .init(
                            endpoint: endpoint,
                            connectTimeout: .milliseconds(500),
                            initialBackOff: .milliseconds(1),
                            repeatsUnansweredRequests: repeatsUnansweredRequests
                        ),
                        credentials: .static(key)
                    )
                }
            try await SMSClientConformance(recipient: Fixture.number(), timeout: .seconds(1)) { fault in
                emulator.setFaults(FaultSettings(Self.rules(fault), usesMagicNumbers: false))
                return fault == .unreachable ? clients[1] : clients[0]
            } acceptedCount: { id in
                await emulator.inbox.messages().count { $0.taskID == id }
            }
            .run()
            for client in clients { try await client.shutdown() }
        }
    }

    // MARK: The documented example

    @Test func documentedClientPasses() async throws {
        let closedPort = try await MisbehavingServer.closedPort()
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: AcmeSMSClient.httpConfiguration
        )
        do {
            try await AcmeGateway.with { gateway in
                try await SMSClientConformance(recipient: Fixture.number(), timeout: .seconds(1)) { fault in
                    gateway.setFault(fault)
                    let url = fault == .unreachable ? "http://127.0.0.1:\(closedPort)" : gateway.url
                    return AcmeSMSClient(baseURL: url, apiKey: "key", http: http)
                } acceptedCount: { id in
                    gateway.count(id)
                }
                .run()
            }
            try await http.shutdown()
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    @Test func documentShowsTheTestedClient() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let source = try String(contentsOf: folder.appending(path: "AcmeSMSClient.swift"), encoding: .utf8)
        let shown = try #require(source.components(separatedBy: "a test compares the two.\n").last)
        let page = try String(contentsOf: folder.appending(path: "../../../Docs/Gateways.md"), encoding: .utf8)
        #expect(page.contains("```swift\n\(shown)```"))
    }

    // MARK: Mistakes

    static func run(
        _ mistake: SimulatedGateway.Mistake?,
        wrap: @escaping @Sendable (any SMSClient, ManualClock) -> any SMSClient = { client, _ in client }
    ) async throws {
        let clock = ManualClock()
        let gateway = SimulatedGateway(clock: clock)
        let conformance = SMSClientConformance(
            recipient: try Fixture.number(),
            timeout: .milliseconds(100),
            tolerance: .milliseconds(500),
            clock: clock,
            client: { wrap(gateway.client($0, mistake), clock) },
            acceptedCount: { gateway.count($0) }
        )
        // While time must pass, the client and a check sleep. The clock advances to the earlier of the two deadlines.
        let time = Task {
            while true {
                try await clock.waitForSleepers(2)
                clock.advanceToNextSleeper()
            }
        }
        defer {
            time.cancel()
            // A client that ignores its cancellation sleeps until the clock advances.
            clock.advance(by: .seconds(3600))
        }
        try await conformance.run()
    }

    @Test func correctClientPasses() async throws { try await Self.run(nil) }

    @Test func failoverClientPasses() async throws {
        try await Self.run(nil) { client, clock in
            let empty = RecordingSMSClient { _ in
                .rejected(SMSError(code: "NO_CREDIT", kind: .balance, message: "m"))
            }
            // The second and the third provider reach the same gateway, which counts the messages of both.
            return FailoverSMSClient(
                [.init("1", empty), .init("2", client), .init("3", client)],
                settings: .init(minimumTime: .milliseconds(1)),
                clock: clock
            )
        }
    }

    @Test(arguments: SimulatedGateway.Mistake.allCases)
    func clientWithMistakeFails(mistake: SimulatedGateway.Mistake) async throws {
        let failure = await #expect(throws: SMSClientConformance.Failure.self) { try await Self.run(mistake) }
        #expect(failure?.description.isEmpty == false)
    }
}
