// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AsyncHTTPClient
import Foundation
import SMSKit
import Testing

/// Tests of the outcome and the number of requests if the gateway violates HTTP.
@Suite(.timeLimit(.minutes(2))) struct MisbehavingServerTests {
    typealias Behavior = MisbehavingServer.Behavior

    static let ok = MisbehavingServer.http("200 OK", #"{"ResponseCode":"OK","MessageId":"1","Segments":"1"}"#)
    static let throttled = MisbehavingServer.http(
        "429 Too Many Requests",
        #"{"Code":"Throttling.User","Message":"m"}"#,
        headers: "x-acs-retry-after: 20\r\n"
    )

    static let retryAfter = "x-acs-retry-after: 1000\r\n"

    /// Sends one message, and returns the outcome, the number of requests and the duration.
    static func send(
        to behaviors: [Behavior],
        timeout: Duration = .seconds(20),
        configure: (inout AlibabaSMSConfiguration) -> Void = { _ in }
    ) async throws -> (outcome: SMSSendOutcome, requests: Int, duration: Duration) {
        try await MisbehavingServer.with(behaviors) { server in
            try await withClient(server.url, configure: configure) { client in
                let message = try Fixture.message()
                let start = ContinuousClock.now
                let outcome = await client.send(message, timeout: timeout)
                return (outcome, server.requestCount, ContinuousClock.now - start)
            }
        }
    }

    @Test(arguments: [
        Behavior.hangBeforeReading, .hangAfterReading, .respond("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"),
    ])
    func hangingGatewayIsUnknownAtTheDeadline(behavior: Behavior) async throws {
        let result = try await Self.send(to: [behavior], timeout: .milliseconds(300))
        #expect(result.outcome.isUnknown)
        #expect(result.outcome.error?.code == "timeout")
        #expect(result.requests <= 1)
        #expect(result.duration >= .milliseconds(290))
        #expect(result.duration < .seconds(5))
    }

    @Test func readTimeoutAppliesBeforeALongDeadline() async throws {
        let result = try await Self.send(to: [.hangAfterReading], timeout: .seconds(30)) {
            $0.readTimeout = .milliseconds(200)
        }
        #expect(result.outcome.isUnknown)
        #expect(result.requests <= 1)
        #expect(result.duration < .seconds(10))
    }

    @Test func totalTimeoutOfTheConfigurationApplies() async throws {
        let result = try await Self.send(to: [.hangAfterReading], timeout: .seconds(30)) {
            $0.totalTimeout = .milliseconds(200)
        }
        #expect(result.outcome.isUnknown)
        #expect(result.duration < .seconds(10))
    }

    @Test(arguments: [
        Behavior.closeAfterReading,
        .respondAndClose("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"),
        .respondAndClose("\u{1}\u{2} not http at all\r\n\r\n"),
        .respond(MisbehavingServer.http("500 Internal Server Error", #"{"Code":"InternalError"}"#)),
        .respond(MisbehavingServer.http("502 Bad Gateway", "<html>bad gateway</html>")),
        .respond(MisbehavingServer.http("503 Service Unavailable", #"{"Code":"ServiceUnavailable"}"#)),
        .respond(MisbehavingServer.http("504 Gateway Timeout", "")),
        .respond(
            MisbehavingServer.http("500 Internal Server Error", #"{"Code":"InternalError"}"#, headers: retryAfter)
        ),
        .respond(
            MisbehavingServer.http("503 Service Unavailable", #"{"Code":"ServiceUnavailable"}"#, headers: retryAfter)
        ),
        .respond(MisbehavingServer.http("502 Bad Gateway", "<html>", headers: retryAfter)),
        .respond(MisbehavingServer.http("504 Gateway Timeout", "", headers: retryAfter)),
        .respond(MisbehavingServer.http("403 Forbidden", "<html>")),
        .respond(MisbehavingServer.http("400 Bad Request", #"{"Code":"SignatureNonceUsed"}"#)),
        .respond(MisbehavingServer.http("200 OK", #"{"ResponseCode":"ok"}"#)),
        .respond(MisbehavingServer.http("200 OK", #"{"ResponseCode":"isp.NEW_FAULT"}"#)),
        .respond(MisbehavingServer.http("200 OK", "<html>login</html>")),
        .respond(MisbehavingServer.http("200 OK", "{}")),
        .respond(MisbehavingServer.http("200 OK", #"{"ResponseCode":"SYSTEM_ERROR"}"#)),
        .respond(MisbehavingServer.http("200 OK", String(repeating: " ", count: 100_000))),
        .respond(MisbehavingServer.http("429 Too Many Requests", "<html>")),
        .respond(MisbehavingServer.http("307 Temporary Redirect", "", headers: "location: http://127.0.0.1:1/\r\n")),
    ])
    func writtenRequestIsUnknownAndNotRetried(behavior: Behavior) async throws {
        let result = try await Self.send(to: [behavior, .respond(Self.ok)])
        #expect(result.outcome.isUnknown)
        #expect(result.requests == 1)
    }

    @Test func closedIdleConnectionIsUnknownAndNotRetried() async throws {
        try await MisbehavingServer.with([.respond(Self.ok), .closeAfterReading, .respond(Self.ok)]) { server in
            try await withClient(server.url) { client in
                let message = try Fixture.message()
                #expect(await client.send(message, timeout: .seconds(20)).isAccepted)
                #expect(await client.send(message, timeout: .seconds(20)).isUnknown)
                #expect(server.requestCount == 2)
            }
        }
    }

    @Test func unknownCodeIsARejectionWithItsName() async throws {
        let response = MisbehavingServer.http("200 OK", #"{"ResponseCode":"isv.NEW_RULE"}"#)
        let result = try await Self.send(to: [.respond(response)])
        #expect(result.outcome.isRejected)
        #expect(result.outcome.error?.code == "NEW_RULE")
        #expect(result.outcome.error?.kind == .unknown)
        #expect(result.requests == 1)
    }

    @Test func throttledMessageIsRetriedAfterTheWait() async throws {
        let result = try await Self.send(to: [.respond(Self.throttled), .respond(Self.throttled), .respond(Self.ok)])
        #expect(result.outcome.isAccepted)
        #expect(result.requests == 3)
        #expect(result.duration >= .milliseconds(40))
    }

    @Test func throttlingIsARejectionAfterAllRequests() async throws {
        let result = try await Self.send(to: [.respond(Self.throttled)])
        #expect(result.outcome.isRejected)
        #expect(result.outcome.error?.kind == .throttled)
        #expect(result.outcome.error?.retryAfter == .milliseconds(20))
        #expect(result.requests == 3)
    }

    @Test func waitBeyondTheDeadlineIsNotStarted() async throws {
        let response = MisbehavingServer.http(
            "400 Bad Request",
            #"{"Code":"Throttling"}"#,
            headers: "x-acs-retry-after: 60000\r\n"
        )
        let result = try await Self.send(to: [.respond(response)], timeout: .seconds(2))
        #expect(result.outcome.isRejected)
        #expect(result.requests == 1)
    }

    @Test func everyRequestHasADifferentNonce() async throws {
        let nonces = Counter()
        try await MisbehavingServer.with([.respond(Self.throttled), .respond(Self.ok)]) { server in
            try await withClient(server.url, nonce: { "nonce-\(nonces.next())" }) { client in
                let message = try Fixture.message()
                #expect(await client.send(message, timeout: .seconds(20)).isAccepted)
                #expect(server.requestCount == 2)
                #expect(server.requestHeads.enumerated().allSatisfy { $1.contains("nonce-\($0 + 1)\r\n") })
            }
        }
    }

    @Test func connectionThatMayNotBeEstablishedInTimeIsNotRetried() async throws {
        let attempts = Counter()
        let port = try await MisbehavingServer.closedPort()
        try await withClient("http://127.0.0.1:\(port)", nonce: { "\(attempts.next())" }) { client in
            let message = try Fixture.message()
            let outcome = await client.send(message, timeout: client.configuration.connectTimeout)
            #expect(outcome.isRejected)
            #expect(outcome.error?.code == "unreachable")
            #expect(attempts.value == 1)
        }
    }

    /// A server that ignores the TLS handshake simulates lost packets during the connection setup.
    @Test func connectTimeoutIsARejection() async throws {
        try await MisbehavingServer.with([.hangAfterReading]) { server in
            let configure: (inout AlibabaSMSConfiguration) -> Void = { $0.connectTimeout = .seconds(1) }
            try await withClient("https://127.0.0.1:\(server.port)", configure: configure) { client in
                let message = try Fixture.message()
                let outcome = await client.send(message, timeout: .milliseconds(1900))
                #expect(outcome.isRejected)
                #expect(outcome.error?.code == "unreachable")
                #expect(server.requestCount == 1)
            }
        }
    }

    @Test func refusedConnectionIsARejectionAfterAllRequests() async throws {
        let attempts = Counter()
        let port = try await MisbehavingServer.closedPort()
        try await withClient("http://127.0.0.1:\(port)", nonce: { "\(attempts.next())" }) { client in
            let message = try Fixture.message()
            let outcome = await client.send(message, timeout: .seconds(20))
            #expect(outcome.isRejected)
            #expect(outcome.error?.code == "unreachable")
            #expect(outcome.error?.kind == .transient)
            #expect(attempts.value == 3)
        }
    }

    @Test func unknownHostIsARejection() async throws {
        try await withClient("https://gateway.invalid", configure: { $0.maximumRequests = 1 }) { client in
            let message = try Fixture.message()
            let outcome = await client.send(message, timeout: .seconds(20))
            #expect(outcome.isRejected)
            #expect(outcome.error?.code == "unreachable")
        }
    }

    @Test func failedTLSHandshakeIsARejection() async throws {
        try await MisbehavingServer.with([.respond("HTTP/1.1 400 Bad Request\r\n\r\n")]) { server in
            try await withClient("https://127.0.0.1:\(server.port)", configure: { $0.maximumRequests = 2 }) { client in
                let message = try Fixture.message()
                let outcome = await client.send(message, timeout: .seconds(20))
                #expect(outcome.isRejected)
                #expect(outcome.error?.code == "unreachable")
                let heads = server.requestHeads
                // The first byte of a TLS record is its type, and 22 is a handshake.
                #expect(heads.count { $0.hasPrefix("\u{16}") } == 2)
                #expect(!heads.contains { $0.contains("6591234567") || $0.hasPrefix("POST") })
            }
        }
    }

    @Test func queryOnTheWireIsCanonical() async throws {
        let request = SendMessageToGlobe(
            to: try Fixture.number(),
            message: Fixture.text,
            from: "Alicloud321",
            type: .oneTimePassword,
            taskID: "d-1",
            validity: .seconds(300)
        )
        try await MisbehavingServer.with([.respond(Self.ok)]) { server in
            try await withClient(server.url) { client in
                let message = try Fixture.message()
                #expect(await client.send(message, timeout: .seconds(20)).isAccepted)
                let head = try #require(server.requestHeads.first)
                #expect(head.hasPrefix("POST /?\(request.parameters.canonicalQuery) HTTP/1.1\r\n"))
                #expect(head.lowercased().contains("\r\nhost: 127.0.0.1:\(server.port)\r\n"))
                #expect(!head.lowercased().contains("content-type"))
            }
        }
    }

    @Test func cancelledSendIsUnknownImmediately() async throws {
        try await MisbehavingServer.with([.hangAfterReading]) { server in
            try await withClient(server.url) { client in
                let message = try Fixture.message()
                let task = Task { await client.send(message, timeout: .seconds(60)) }
                while server.requestCount == 0 { try await Task.sleep(for: .milliseconds(5)) }
                task.cancel()
                #expect(await task.value.isUnknown)
            }
        }
    }

    @Test func hangingProviderIsARejectionAtTheDeadline() async throws {
        struct Hanging: CredentialProvider {
            let released: AsyncStream<Void>

            func credential() async throws -> AlibabaCredential {
                // The task ignores its cancellation, as a careless implementation would.
                await Task.detached { for await _ in self.released {} }.value
                return try Fixture.credential()
            }
        }
        let (released, release) = AsyncStream<Void>.makeStream()
        defer { release.finish() }
        try await MisbehavingServer.with([.respond(Self.ok)]) { server in
            let configuration = AlibabaSMSConfiguration(endpoint: server.url)
            let httpClient = try AlibabaHTTPClient(configuration)
            let client = try AlibabaSMSClient(
                configuration: configuration,
                credentials: Hanging(released: released),
                httpClient: httpClient
            )
            let start = ContinuousClock.now
            let outcome = await client.send(try Fixture.message(), timeout: .milliseconds(200))
            #expect(outcome.isRejected)
            #expect(outcome.error?.code == "timeout")
            #expect(outcome.error?.kind == .transient)
            #expect(ContinuousClock.now - start < .seconds(4))
            #expect(server.requestCount == 0)
            try await httpClient.shutdown()
        }
    }

    @Test func unavailableCredentialIsATransientError() async throws {
        struct Failing: CredentialProvider {
            let error: any Error

            func credential() async throws -> AlibabaCredential { throw self.error }
        }
        let late = AlibabaSMSError(.credentialUnavailable, message: "STS did not response in time")
        let absent = AlibabaSMSError(.missingCredential, message: "no credential was found")
        let errors: [(any Error, SMSError.Kind)] = [
            (late, .transient), (absent, .auth), (CocoaError(.fileReadUnknown), .auth),
        ]
        try await MisbehavingServer.with([.respond(Self.ok)]) { server in
            for (error, kind) in errors {
                try await withClient(server.url, credentials: Failing(error: error)) { client in
                    let outcome = await client.send(try Fixture.message(), timeout: .seconds(20))
                    #expect(outcome.isRejected)
                    #expect(outcome.error?.code == "noCredential")
                    #expect(outcome.error?.kind == kind)
                }
            }
            #expect(server.requestCount == 0)
        }
    }

    @Test func messagesAreSentConcurrently() async throws {
        try await MisbehavingServer.with([.hangAfterReading]) { server in
            try await withClient(server.url) { client in
                let message = try Fixture.message()
                let sends = (0..<64).map { _ in Task { await client.send(message, timeout: .seconds(30)) } }
                #expect(try await eventually { server.requestCount == 64 })
                for send in sends { send.cancel() }
                for send in sends { #expect(await send.value.isUnknown) }
            }
        }
    }

    @Test(arguments: [true, false])
    func cancellationInTheProviderSendsNothing(isThrown: Bool) async throws {
        struct Asked: CredentialProvider {
            let isThrown: Bool
            let asked: AsyncStream<Void>.Continuation
            let response: AsyncStream<Void>

            func credential() async throws -> AlibabaCredential {
                if self.isThrown { throw CancellationError() }
                self.asked.yield()
                for await _ in self.response {}
                try Task.checkCancellation()
                return try Fixture.credential()
            }
        }
        let (asked, continuation) = AsyncStream.makeStream(of: Void.self)
        let (response, end) = AsyncStream.makeStream(of: Void.self)
        defer { end.finish() }
        try await MisbehavingServer.with([.respond(Self.ok)]) { server in
            let configuration = AlibabaSMSConfiguration(endpoint: server.url)
            let httpClient = try AlibabaHTTPClient(configuration)
            let client = try AlibabaSMSClient(
                configuration: configuration,
                credentials: Asked(isThrown: isThrown, asked: continuation, response: response),
                httpClient: httpClient
            )
            let message = try Fixture.message()
            let task = Task { await client.send(message, timeout: .seconds(60)) }
            if !isThrown {
                _ = await asked.first { true }
                task.cancel()
            }
            let outcome = await task.value
            #expect(outcome.isRejected)
            #expect(outcome.error?.code == "cancelled")
            #expect(outcome.error?.kind == .transient)
            #expect(server.requestCount == 0)
            try await httpClient.shutdown()
        }
    }

    @Test func mainlandNumbersAreRejectedBeforeAnythingIsSent() async throws {
        try await MisbehavingServer.with([.respond(Self.ok)]) { server in
            try await withClient(server.url) { client in
                let mainland = try #require(PhoneNumber(e164: "+8613800000000"))
                #expect(!client.canSend(to: mainland))
                for elsewhere in ["+85291234567", "+88612345678", "+6591234567"] {
                    #expect(client.canSend(to: try #require(PhoneNumber(e164: elsewhere))))
                }
                let outcome = await client.send(
                    SMSMessage(to: mainland, text: "x", category: .notification),
                    timeout: .seconds(5)
                )
                #expect(outcome.isRejected)
                #expect(outcome.error?.kind == .caller)
                #expect(server.requestCount == 0)
            }
        }
    }
}
