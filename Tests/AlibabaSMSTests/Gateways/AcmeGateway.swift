// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import OTPTesting
import Synchronization

/// An imaginary gateway on a loopback port, which simulates the faults of the conformance check.
final class AcmeGateway: Sendable {
    typealias Fault = SMSClientConformance.Fault

    private struct State {
        var fault = Fault.none
        var bodies: [String] = []
    }

    private let state = Mutex(State())
    private let port = Mutex(0)

    var url: String { "http://127.0.0.1:\(self.port.withLock { $0 })" }

    /// Returns the number of accepted messages with a dispatch ID.
    func count(_ id: String) -> Int { self.state.withLock { $0.bodies.count { $0.contains("\"\(id)\"") } } }

    func setFault(_ fault: Fault) { self.state.withLock { $0.fault = fault } }

    /// Runs a closure with a gateway.
    static func with(_ body: (AcmeGateway) async throws -> Void) async throws {
        let gateway = AcmeGateway()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(gateway))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        gateway.port.withLock { $0 = channel.localAddress?.port ?? 0 }
        try await closing(with: { try await channel.close() }) { try await body(gateway) }
    }

    /// The HTTP response to a request.
    ///
    /// If the response is `nil`, the gateway closes the connection. If the body is empty, the gateway does not respond.
    private enum Reaction {
        case respond(HTTPResponseStatus, String)
        case close
        case ignore
    }

    private func react(to body: String) -> Reaction {
        self.state.withLock { state in
            let accepting: [Fault] = [
                .none, .acceptedAndClosed, .acceptedWithoutResponse, .acceptedAndBadGateway, .acceptedAndUnreadable,
            ]
            if accepting.contains(state.fault) { state.bodies.append(body) }
            switch state.fault {
            case .none: return .respond(.accepted, #"{"id":"m-\#(state.bodies.count)","segments":1}"#)
            case .rejected: return .respond(.badRequest, #"{"error":"invalid_number"}"#)
            case .closed, .acceptedAndClosed: return .close
            case .badGateway, .acceptedAndBadGateway: return .respond(.badGateway, "<html>")
            case .acceptedAndUnreadable: return .respond(.ok, "<html>")
            default: return .ignore
            }
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let gateway: AcmeGateway
        private var body = ""

        init(_ gateway: AcmeGateway) { self.gateway = gateway }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch self.unwrapInboundIn(data) {
            case .head: self.body = ""
            case .body(let buffer): self.body += String(buffer: buffer)
            case .end: self.react(context)
            }
        }

        private func react(_ context: ChannelHandlerContext) {
            switch self.gateway.react(to: self.body) {
            case .ignore: break
            case .close: context.close(promise: nil)
            case .respond(let status, let text):
                let headers: HTTPHeaders = ["content-length": "\(text.utf8.count)"]
                let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
                context.write(self.wrapOutboundOut(.head(head)), promise: nil)
                context.write(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
                context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
