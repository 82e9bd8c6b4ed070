// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization
import TextFormats

/// A provider of human checks on loopback, with responses from the test.
final class FakeProvider: Sendable {
    /// The response to one request.
    enum Reply: Sendable {
        /// The provider sends an HTTP response.
        case http(String, _ body: String, headers: String = "")
        /// The provider sends bytes, and leaves the connection open.
        case raw(String)
        /// The provider sends bytes, and closes only its side of the connection.
        case halfClose(String)
        /// The provider sends nothing, and leaves the connection open.
        case hang
        /// The provider closes the connection without sending anything.
        case close
    }

    let url: String
    private let log: Mutex<[String]>

    private init(port: Int, log: consuming Mutex<[String]>) {
        self.url = "http://127.0.0.1:\(port)/siteverify"
        self.log = log
    }

    /// The received requests, each with its head and its body.
    var requests: [String] { self.log.withLock { $0 } }

    /// Runs a provider, and a closure that uses it.
    ///
    /// - Parameters:
    ///   - reply: Returns the response to a form.
    ///   - body: The closure to run.
    /// - Returns: The result of the closure.
    /// - Throws: The error of the closure, or of the socket.
    static func with<Result: Sendable>(
        reply: @escaping @Sendable (_ form: [String: String]) -> Reply,
        body: (FakeProvider) async throws -> Result
    ) async throws -> Result {
        let box = Box()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(box: box, reply: reply))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        let provider = FakeProvider(port: channel.localAddress?.port ?? 0, log: Mutex([]))
        box.provider.withLock { $0 = provider }
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(provider))
        } catch {
            result = .failure(error)
        }
        try await channel.close()
        return try result.get()
    }

    private final class Box: Sendable {
        let provider = Mutex<FakeProvider?>(nil)
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        let box: Box
        let reply: @Sendable ([String: String]) -> Reply
        var received = ""

        init(box: Box, reply: @escaping @Sendable ([String: String]) -> Reply) {
            self.box = box
            self.reply = reply
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.received += String(buffer: self.unwrapInboundIn(data))
            guard let form = Self.form(self.received) else { return }
            let request = self.received
            self.received = ""
            self.box.provider.withLock { $0 }?.log.withLock { $0.append(request) }
            let channel = context.channel
            switch self.reply(form) {
            case .http(let status, let body, let headers):
                let length = "content-length: \(body.utf8.count)\r\n"
                self.write("HTTP/1.1 \(status)\r\n\(headers)\(length)\r\n\(body)", channel)
            case .raw(let text):
                self.write(text, channel)
            case .halfClose(let text):
                channel.writeAndFlush(ByteBuffer(string: text))
                    .whenComplete { _ in channel.close(mode: .output, promise: nil) }
            case .hang:
                break
            case .close:
                channel.close(promise: nil)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }

        private func write(_ text: String, _ channel: any Channel) {
            channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
        }

        /// Returns the form fields of a complete request; `nil` if the request is incomplete.
        private static func form(_ request: String) -> [String: String]? {
            guard let end = request.firstRange(of: "\r\n\r\n") else { return nil }
            let length = request[..<end.lowerBound].split(separator: "\r\n")
                .first { $0.lowercased().hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst("content-length:".count).filter { $0 != " " }) }
            let body = request[end.upperBound...]
            guard body.utf8.count >= length ?? 0 else { return nil }
            var fields: [String: String] = [:]
            for field in body.split(separator: "&") {
                let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, let value = PercentEncoding.decodeForm(parts[1]) else { continue }
                fields[String(parts[0])] = value
            }
            return fields
        }
    }
}
