// SPDX-License-Identifier: Apache-2.0

import Foundation
import Metrics
import MetricsTestKit
import OTPTesting
import SMSKit
import Synchronization
import Testing

@testable import AlibabaSMS

/// Tests of the outcome and the number of requests for each fault and each set of retry options, over real HTTP.
@Suite(.timeLimit(.minutes(2))) struct RetryTests {
    typealias Behavior = MisbehavingServer.Behavior

    static func gateway(_ code: String, status: String = "400 Bad Request", headers: String = "") -> Behavior {
        .respond(MisbehavingServer.http(status, #"{"Code":"\#(code)","Message":"m"}"#, headers: headers))
    }

    static func business(_ code: String) -> Behavior {
        .respond(MisbehavingServer.http("200 OK", #"{"ResponseCode":"\#(code)","MessageId":"1"}"#))
    }

    enum End: String { case accepted, rejected, unknown }

    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        /// The behaviors of the gateway, in order; the last behavior is repeated.
        var behaviors: [Behavior]
        /// The outcomes and numbers of requests with no option, the first option, the second option, and both options.
        var ends: [(End, Int)]

        var testDescription: String { self.name }
    }

    static let ok = business("OK")
    static let rows = [
        Row(name: "accepted", behaviors: [ok], ends: .init(repeating: (.accepted, 1), count: 4)),
        Row(
            name: "rejected",
            behaviors: [business("MOBILE_NUMBER_ILLEGAL"), ok],
            ends: .init(repeating: (.rejected, 1), count: 4)
        ),
        Row(name: "new code", behaviors: [business("NEW"), ok], ends: .init(repeating: (.rejected, 1), count: 4)),
        Row(
            name: "throttled once",
            behaviors: [gateway("Throttling.User"), ok],
            ends: .init(repeating: (.accepted, 2), count: 4)
        ),
        Row(
            name: "throttled for ever",
            behaviors: [business("QPS_LIMIT_CONTROL")],
            ends: .init(repeating: (.rejected, 3), count: 4)
        ),
        Row(
            name: "throttled, then lost",
            behaviors: [gateway("Throttling"), .closeAfterReading, ok],
            ends: [(.unknown, 2), (.unknown, 2), (.accepted, 3), (.accepted, 3)]
        ),
        Row(
            name: "connection lost",
            behaviors: [.closeAfterReading, ok],
            ends: [(.unknown, 1), (.unknown, 1), (.accepted, 2), (.accepted, 2)]
        ),
        Row(
            name: "connection lost, first one arrived",
            behaviors: [.closeAfterReading, gateway("SignatureNonceUsed"), ok],
            ends: [(.unknown, 1), (.unknown, 1), (.unknown, 2), (.unknown, 2)]
        ),
        Row(
            name: "connection lost, then rejected",
            behaviors: [.closeAfterReading, business("AMOUNT_NOT_ENOUGH"), ok],
            ends: [(.unknown, 1), (.unknown, 1), (.unknown, 2), (.unknown, 2)]
        ),
        Row(
            name: "connection lost, then throttled",
            behaviors: [.closeAfterReading, gateway("Throttling"), ok],
            ends: [(.unknown, 1), (.unknown, 1), (.accepted, 3), (.accepted, 3)]
        ),
        Row(
            name: "connection lost, then a fault",
            behaviors: [.closeAfterReading, business("SYSTEM_ERROR"), ok],
            ends: [(.unknown, 1), (.unknown, 1), (.accepted, 3), (.accepted, 3)]
        ),
        Row(
            name: "lost for ever",
            behaviors: [.closeAfterReading],
            ends: [(.unknown, 1), (.unknown, 1), (.unknown, 3), (.unknown, 3)]
        ),
        Row(
            name: "garbage",
            behaviors: [.respondAndClose("\u{1}\u{2} not http\r\n\r\n"), ok],
            ends: [(.unknown, 1), (.unknown, 1), (.accepted, 2), (.accepted, 2)]
        ),
        Row(
            name: "500",
            behaviors: [gateway("InternalError", status: "500 Internal Server Error"), ok],
            ends: [(.unknown, 1), (.unknown, 1), (.accepted, 2), (.accepted, 2)]
        ),
        Row(
            name: "502",
            behaviors: [.respond(MisbehavingServer.http("502 Bad Gateway", "<html>")), ok],
            ends: [(.unknown, 1), (.unknown, 1), (.accepted, 2), (.accepted, 2)]
        ),
        Row(
            name: "503",
            behaviors: [gateway("ServiceUnavailable", status: "503 Service Unavailable"), ok],
            ends: [(.unknown, 1), (.accepted, 2), (.accepted, 2), (.accepted, 2)]
        ),
        Row(
            name: "504",
            behaviors: [.respond(MisbehavingServer.http("504 Gateway Timeout", "")), ok],
            ends: [(.unknown, 1), (.unknown, 1), (.accepted, 2), (.accepted, 2)]
        ),
        Row(
            name: "a fault",
            behaviors: [business("SYSTEM_ERROR"), ok],
            ends: [(.unknown, 1), (.accepted, 2), (.accepted, 2), (.accepted, 2)]
        ),
        Row(
            name: "a fault, then rejected",
            behaviors: [business("ONLINE_BILLING_FAILED"), business("AMOUNT_NOT_ENOUGH")],
            ends: [(.unknown, 1), (.unknown, 2), (.unknown, 2), (.unknown, 2)]
        ),
        Row(
            name: "a fault, then lost",
            behaviors: [business("SYSTEM_ERROR"), .closeAfterReading, ok],
            ends: [(.unknown, 1), (.unknown, 2), (.accepted, 3), (.accepted, 3)]
        ),
        Row(
            name: "nonce used",
            behaviors: [gateway("SignatureNonceUsed"), ok],
            ends: .init(repeating: (.unknown, 1), count: 4)
        ),
        Row(
            name: "clock without a date",
            behaviors: [gateway("InvalidTimeStamp.Expired"), ok],
            ends: .init(repeating: (.rejected, 1), count: 4)
        ),
        Row(
            name: "clock",
            behaviors: [
                gateway("InvalidTimeStamp.Expired", headers: "date: Mon, 24 Dec 2018 08:58:22 GMT\r\n"), ok,
            ],
            ends: .init(repeating: (.accepted, 2), count: 4)
        ),
        Row(
            name: "clock for ever",
            behaviors: [gateway("InvalidTimeStamp.Expired", headers: "date: Mon, 24 Dec 2018 08:58:22 GMT\r\n")],
            ends: .init(repeating: (.rejected, 2), count: 4)
        ),
        Row(
            name: "credential that is the only one",
            behaviors: [gateway("InvalidSecurityToken.Expired"), ok],
            ends: .init(repeating: (.rejected, 1), count: 4)
        ),
    ]

    @Test(arguments: rows)
    func requestsFollowTheTableOnTheWire(row: Row) async throws {
        for (index, expected) in row.ends.enumerated() {
            try await MisbehavingServer.with(row.behaviors) { server in
                let configure: (inout AlibabaSMSConfiguration) -> Void = {
                    $0.initialBackOff = .milliseconds(1)
                    $0.retriesLikelyRejections = index & 1 != 0
                    $0.repeatsUnansweredRequests = index & 2 != 0
                }
                try await withClient(server.url, configure: configure) { client in
                    let action = SendMessageToGlobe(to: try Fixture.number(), message: "Hi")
                    let result = await client.perform(action, timeout: .seconds(20))
                    #expect(result.end == expected.0, "opt-ins \(index)")
                    #expect(server.requestCount == expected.1, "opt-ins \(index)")
                    // The result contains an entry for each request.
                    #expect(result.requests.count == expected.1, "opt-ins \(index)")
                    Self.expectDifferentNonces(server.requestHeads, result.requests)
                }
            }
        }
    }

    /// Expects that each repeated request equals the previous request, and that the nonces of all other requests are different.
    static func expectDifferentNonces(_ requests: [String], _ attempts: [AlibabaSMSRequest]) {
        #expect(attempts.first?.isRepetition != true)
        for index in requests.indices.dropFirst() where index < attempts.count {
            #expect((requests[index] == requests[index - 1]) == attempts[index].isRepetition)
        }
        let originals = zip(requests, attempts).filter { !$1.isRepetition }.map(\.0)
        #expect(Set(originals.map { Self.header("x-acs-signature-nonce", of: $0) }).count == originals.count)
    }

    static func header(_ name: String, of request: String) -> String? {
        request.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix("\(name): ") }
            .map { String($0.dropFirst(name.count + 2)) }
    }

    @Test(arguments: [
        Behavior.closeAfterReading, gateway("InternalError", status: "500 Internal Server Error"),
        business("SYSTEM_ERROR"), gateway("SignatureNonceUsed"), gateway("Throttling"),
        .respond(MisbehavingServer.http("502 Bad Gateway", "<html>")),
    ])
    func idempotentActionIsRetriedAfterAnyFailure(behavior: Behavior) async throws {
        try await MisbehavingServer.with([behavior, behavior, Self.ok]) { server in
            try await withClient(server.url, configure: { $0.initialBackOff = .milliseconds(1) }) { client in
                let result = await client.perform(QueryMessage(messageID: "1"), timeout: .seconds(20))
                #expect(result.end == .accepted)
                #expect(result.requests.map(\.outcome).last == .accepted)
                #expect(server.requestCount == 3)
            }
        }
    }

    @Test func retryUsesTheTimeOfTheGateway() async throws {
        let clock = Self.gateway("InvalidTimeStamp.Expired", headers: "date: Mon, 24 Dec 2018 08:58:22 GMT\r\n")
        try await MisbehavingServer.with([clock, Self.ok]) { server in
            try await withClient(server.url) { client in
                let message = try Fixture.message()
                #expect(await client.send(message, timeout: .seconds(20)).isAccepted)
                #expect(Self.header("x-acs-date", of: server.requestHeads[1]) == "2018-12-24T08:58:22Z")
            }
        }
    }

    /// A provider that returns a new credential after each invalidation.
    private final class Rotating: CredentialProvider {
        let state = Mutex((number: 1, rejected: [String]()))

        func credential() async throws -> AlibabaCredential {
            let number = self.state.withLock { $0.number }
            return try AlibabaCredential(accessKeyID: "key-\(number)", accessKeySecret: "s", securityToken: "t")
        }

        func invalidate(_ credential: AlibabaCredential) async {
            self.state.withLock { state in
                state.number += 1
                state.rejected.append(credential.accessKeyID)
            }
        }
    }

    @Test(arguments: ["InvalidSecurityToken.Expired", "InvalidAccessKeyId.NotFound"])
    func rejectedCredentialIsFetchedAgainOnce(code: String) async throws {
        for (behaviors, end) in [([Self.gateway(code), Self.ok], End.accepted), ([Self.gateway(code)], .rejected)] {
            let provider = Rotating()
            try await MisbehavingServer.with(behaviors) { server in
                try await withClient(server.url, credentials: provider) { client in
                    let action = SendMessageToGlobe(to: try Fixture.number(), message: "Hi")
                    let result = await client.perform(action, timeout: .seconds(20))
                    #expect(result.end == end)
                    let heads = server.requestHeads
                    #expect(heads.count == 2)
                    for (index, head) in heads.enumerated() {
                        #expect(head.contains("Credential=key-\(index + 1),"))
                    }
                    #expect(provider.state.withLock { $0.rejected } == ["key-1"])
                }
            }
        }
    }

    /// The injected clock advances only when the test moves it, so the deadline cannot be reached by real time.
    @Test func hangingGatewayEndsAtTheDeadlineOfTheInjectedClock() async throws {
        let clock = ManualClock()
        try await MisbehavingServer.with([.hangAfterReading]) { server in
            try await withClient(server.url, clock: clock) { client in
                let message = try Fixture.message()
                async let outcome = client.send(message, timeout: .seconds(8))
                while server.requestCount == 0 || clock.sleeperCount == 0 {
                    try await Task.sleep(for: .milliseconds(2))
                }
                clock.advance(by: .milliseconds(7999))
                #expect(clock.sleeperCount == 1)
                clock.advance(by: .milliseconds(1))
                let ended = await outcome
                #expect(ended.isUnknown)
                #expect(ended.error?.code == "timeout")
            }
        }
    }

    @Test func backOffsUseTheInjectedClock() async throws {
        let clock = ManualClock()
        let throttled = Self.gateway("Throttling", headers: "x-acs-retry-after: 6000\r\n")
        try await MisbehavingServer.with([throttled, throttled, Self.ok]) { server in
            try await withClient(server.url, clock: clock, deadlines: ManualClock()) { client in
                let action = SendMessageToGlobe(to: try Fixture.number(), message: "Hi")
                async let result = client.perform(action, timeout: .seconds(13))
                for requests in 1...2 {
                    while server.requestCount < requests { try await Task.sleep(for: .milliseconds(2)) }
                    while clock.sleeperCount == 0 { try await Task.sleep(for: .milliseconds(2)) }
                    clock.advance(by: .milliseconds(5999))
                    #expect(clock.sleeperCount == 1)
                    #expect(server.requestCount == requests)
                    clock.advance(by: .milliseconds(1))
                }
                let ended = await result
                #expect(ended.end == .accepted)
                #expect(ended.requests.map(\.delay) == [.zero, .seconds(6), .seconds(6)])
            }
        }
    }

    @Test func requestBeyondTheRateLimitWaitsOrIsRejected() async throws {
        let clock = ManualClock()
        let configure: (inout AlibabaSMSConfiguration) -> Void = { $0.requestsPerSecond = [SendMessageToGlobe.name: 2] }
        try await MisbehavingServer.with([Self.ok]) { server in
            try await withClient(server.url, configure: configure, clock: clock, deadlines: ManualClock()) { client in
                let action = SendMessageToGlobe(to: try Fixture.number(), message: "Hi")
                for _ in 0..<2 { #expect(await client.perform(action, timeout: .seconds(5)).end == .accepted) }
                let late = await client.perform(action, timeout: .milliseconds(999))
                #expect(late.end == .rejected)
                #expect(late.error?.code == .rateLimited)
                #expect(late.error?.kind == .throttled)
                #expect(late.error?.retryAfter == .seconds(1))
                #expect(late.requests.isEmpty)
                // Other actions have their own limits, or no limit.
                let other = await client.perform(SmsConversion(messageID: "1", isDelivered: true), timeout: .seconds(1))
                #expect(other.end == .accepted)

                async let waiting = client.perform(action, timeout: .seconds(2))
                while clock.sleeperCount == 0 { try await Task.sleep(for: .milliseconds(2)) }
                #expect(server.requestCount == 3)
                clock.advance(by: .seconds(1))
                #expect(await waiting.end == .accepted)
                #expect(server.requestCount == 4)
            }
        }
    }

    /// The client must get a credential before it reserves a time for the request.
    ///
    /// Otherwise, two requests could be sent at the same time.
    @Test func waitForACredentialReservesNoRateLimit() async throws {
        struct Slow: CredentialProvider {
            let asked = Counter()
            let released: AsyncStream<Void>

            func credential() async throws -> AlibabaCredential {
                self.asked.next()
                for await _ in self.released {}
                return try Fixture.credential()
            }
        }
        let clock = ManualClock()
        let (released, release) = AsyncStream<Void>.makeStream()
        let provider = Slow(released: released)
        let configure: (inout AlibabaSMSConfiguration) -> Void = { $0.requestsPerSecond = [SendMessageToGlobe.name: 1] }
        try await MisbehavingServer.with([Self.ok]) { server in
            try await withClient(server.url, configure: configure, credentials: provider, clock: clock) { client in
                let action = SendMessageToGlobe(to: try Fixture.number(), message: "Hi")
                async let first = client.perform(action, timeout: .seconds(20))
                while provider.asked.value == 0 { try await Task.sleep(for: .milliseconds(2)) }
                clock.advance(by: .seconds(10))
                release.finish()
                #expect(await first.end == .accepted)
                let second = await client.perform(action, timeout: .milliseconds(999))
                #expect(second.error?.code == .rateLimited)
                #expect(server.requestCount == 1)
            }
        }
    }

    @Test func retriesAreCounted() async throws {
        let metrics = TestMetrics()
        try await MisbehavingServer.with([Self.gateway("Throttling"), Self.business("NEW_CODE_1")]) { server in
            try await withClient(server.url, configure: { $0.initialBackOff = .milliseconds(1) }) { client in
                let action = SendMessageToGlobe(to: try Fixture.number(), message: "Hi")
                let result = await withMetricsFactory(metrics) { await client.perform(action, timeout: .seconds(20)) }
                #expect(result.requests.map(\.error?.code) == ["Throttling", "NEW_CODE_1"])
            }
        }
        let action = ("action", "SendMessageToGlobe")
        func count(_ label: String, _ dimensions: [(String, String)]) throws -> Int64 {
            try metrics.expectCounter(label, dimensions).totalValue
        }
        #expect(try count("alibabasms.requests", [action, ("outcome", "rejected"), ("code", "Throttling")]) == 1)
        // An unknown code must not become a label.
        #expect(try count("alibabasms.requests", [action, ("outcome", "rejected"), ("code", "other")]) == 1)
        #expect(try count("alibabasms.retries", [action]) == 1)
        #expect(try count("alibabasms.calls", [action, ("outcome", "rejected")]) == 1)
        #expect(try metrics.expectTimer("alibabasms.duration", [action, ("outcome", "rejected")]).values.count == 1)
    }
}

extension AlibabaSMSResult {
    var end: RetryTests.End {
        switch self.outcome {
        case .accepted: .accepted
        case .rejected: .rejected
        case .unknown: .unknown
        }
    }
}
