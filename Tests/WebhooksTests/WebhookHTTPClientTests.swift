// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Webhooks

/// Tests of the HTTP client with a server on loopback.
@Suite(.timeLimit(.minutes(1))) struct WebhookHTTPClientTests {
    /// A server that records all received bytes, and responds to each request with the same bytes.
    private final class Server: Sendable {
        private final class Handler: ChannelInboundHandler {
            typealias InboundIn = ByteBuffer

            private let server: Server

            init(_ server: Server) { self.server = server }

            func channelRead(context: ChannelHandlerContext, data: NIOAny) {
                let text = String(buffer: self.unwrapInboundIn(data))
                let isComplete = self.server.received.withLock { received in
                    received += text
                    return received.hasSuffix("{}")
                }
                guard isComplete else { return }
                context.writeAndFlush(NIOAny(ByteBuffer(string: self.server.response)), promise: nil)
            }
        }

        let received = Mutex("")
        private let response: String

        private init(_ response: String) { self.response = response }

        var text: String { self.received.withLock { $0 } }

        static func run(_ response: String, _ body: (Server, _ url: String) async throws -> Void) async throws {
            let server = Server(response)
            let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Handler(server))
                    }
                }
                .bind(host: "127.0.0.1", port: 0).get()
            let result: Result<Void, any Error>
            do {
                result = .success(try await body(server, "http://localhost:\(channel.localAddress?.port ?? 0)/hook"))
            } catch {
                result = .failure(error)
            }
            try await channel.close()
            try result.get()
        }
    }

    /// Sends a request, and returns the status, the wait, or the error.
    private static func send(_ url: String, allowsPrivate: Bool) async -> Result<WebhookResponse, any Error> {
        let client = WebhookHTTPClient(allowsPrivateAddresses: allowsPrivate)
        let result: Result<WebhookResponse, any Error>
        do {
            let request = WebhookRequest(url: url, headers: [("webhook-id", "msg_1")], body: Array("{}".utf8))
            result = .success(try await client.send(request))
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        return result
    }

    @Test func privateAddressGetsNoRequestAlsoBehindAName() async throws {
        try await Server.run("HTTP/1.1 204 No Content\r\n\r\n") { server, url async throws in
            for url in [url, url.replacing("localhost", with: "127.0.0.1"), url.replacing("localhost", with: "127.1")] {
                switch await Self.send(url, allowsPrivate: false) {
                case .success(let response): Issue.record("\(url): \(response.status)")
                case .failure(let error): #expect((error as? WebhookError)?.code == .privateAddress, "\(url): \(error)")
                }
            }
            #expect(server.text.isEmpty)
        }
    }

    @Test func allowedPrivateAddressGetsTheRequest() async throws {
        try await Server.run("HTTP/1.1 429 Too Many Requests\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n") {
            server,
            url in
            let response = try await Self.send(url, allowsPrivate: true).get()
            #expect(response.status == 429 && response.retryAfter == .seconds(7))
            #expect(server.text.hasPrefix("POST /hook HTTP/1.1\r\n") && server.text.contains("webhook-id: msg_1\r\n"))
        }
    }

    @Test func redirectIsNotFollowed() async throws {
        try await Server.run("HTTP/1.1 307 Temporary Redirect\r\nlocation: /other\r\ncontent-length: 0\r\n\r\n") {
            server,
            url in
            let response = try await Self.send(url, allowsPrivate: true).get()
            #expect(response.status == 307 && !server.text.contains("/other"))
        }
    }

    @Test(arguments: ["soon", "-1", "99999999999999999999", "1.5"])
    func otherRetryAfterIsIgnored(text: String) async throws {
        let response = "HTTP/1.1 503 Unavailable\r\nretry-after: \(text)\r\ncontent-length: 0\r\n\r\n"
        try await Server.run(response) { _, url async throws in
            let response = try await Self.send(url, allowsPrivate: true).get()
            #expect(response.status == 503 && response.retryAfter == nil)
        }
    }

    /// The client does not read a long body to its end, so that the body does not delay the result.
    @Test func longBodyIsIgnored() async throws {
        let body = String(repeating: "x", count: 100_000)
        try await Server.run("HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n\(body)") { _, url async throws in
            #expect(try await Self.send(url, allowsPrivate: true).get().status == 200)
        }
    }

    /// The status of a response counts even if the rest of the body never arrives.
    @Test func incompleteBodyDoesNotDelayTheStatus() async throws {
        try await Server.run("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nx") { _, url async throws in
            let start = ContinuousClock.now
            #expect(try await Self.send(url, allowsPrivate: true).get().status == 200)
            // The timeout of a read is 10 seconds.
            #expect(start.duration(to: .now) < .seconds(8))
        }
    }
}
