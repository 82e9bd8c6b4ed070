import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A TCP server that answers as no HTTP server should.
final class MisbehavingServer: Sendable {
    /// What it does with a request.
    enum Behaviour: Sendable {
        /// Takes the connection and reads nothing.
        case hangBeforeReading
        /// Reads the request and is silent.
        case hangAfterReading
        /// Reads the request and closes the connection.
        case closeAfterReading
        /// Writes these bytes and leaves the connection open.
        case answer(String)
        /// Writes these bytes and closes the connection.
        case answerAndClose(String)
    }

    let port: Int
    private let log: Log

    private init(port: Int, log: Log) {
        self.port = port
        self.log = log
    }

    /// The number of requests that were read.
    var requestCount: Int { self.log.heads.withLock { $0.count } }

    /// The requests that were read, as texts.
    var requestHeads: [String] { self.log.heads.withLock { $0 } }

    var url: String { "http://127.0.0.1:\(self.port)" }

    final class Log: Sendable {
        let heads = Mutex<[String]>([])
    }

    /// Runs a server while some work is done; the last behaviour is repeated.
    static func with<Result: Sendable>(
        _ behaviours: [Behaviour],
        body: (MisbehavingServer) async throws -> Result
    ) async throws -> Result {
        let log = Log()
        let readsNothing = if case .hangBeforeReading = behaviours[0] { true } else { false }
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: !readsNothing)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(behaviours: behaviours, log: log))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        let server = MisbehavingServer(port: channel.localAddress?.port ?? 0, log: log)
        do {
            let result = try await body(server)
            try await channel.close()
            return result
        } catch {
            try await channel.close()
            throw error
        }
    }

    /// A port on which nothing listens.
    static func closedPort() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return port
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        let behaviours: [Behaviour]
        let log: Log
        var received = ""

        init(behaviours: [Behaviour], log: Log) {
            self.behaviours = behaviours
            self.log = log
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = self.unwrapInboundIn(data)
            self.received += String(buffer: bytes)
            // A TLS greeting has no end that could be waited for.
            let isPlain = self.received.hasPrefix("POST")
            guard !isPlain || Self.isWhole(self.received) else { return }
            let head = self.received
            self.received = ""
            let index = self.log.heads.withLock { heads in
                heads.append(head)
                return heads.count - 1
            }
            switch self.behaviours[min(index, self.behaviours.count - 1)] {
            case .hangBeforeReading, .hangAfterReading:
                break
            case .closeAfterReading:
                context.close(promise: nil)
            case .answer(let text):
                context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            case .answerAndClose(let text):
                let channel = context.channel
                context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: text)))
                    .whenComplete { _ in channel.close(promise: nil) }
            }
        }

        /// Whether the head of a request has come, and as much of a body as it says.
        private static func isWhole(_ request: String) -> Bool {
            guard let end = request.range(of: "\r\n\r\n") else { return false }
            let length = request[..<end.lowerBound].lowercased().split(separator: "\r\n")
                .first { $0.hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst("content-length:".count).filter { $0 != " " }) }
            return request[end.upperBound...].utf8.count >= length ?? 0
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }

    /// An HTTP answer with a body.
    static func http(_ status: String, _ body: String, headers: String = "") -> String {
        "HTTP/1.1 \(status)\r\ncontent-type: application/json\r\n\(headers)content-length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
