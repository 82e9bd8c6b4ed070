// SPDX-License-Identifier: Apache-2.0

import Hiredis
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A scripted cluster node that records its commands.
final class ClusterPeer: Sendable {
    /// The reaction to a command.
    enum Answer: Sendable {
        /// Sends bytes.
        case say(String)
        /// Sends no reply.
        case silence
        /// Closes the connection.
        case close
    }

    typealias Rule = @Sendable (_ command: [String], _ number: Int) -> Answer

    private struct State {
        var port = 0
        var commands: [[String]] = []
        var counts: [String: Int] = [:]
        var rule: Rule?
        var open = 0
        var generation = 0
        var ignored: [[String]] = []
    }

    private let state = Mutex(State())

    /// The port on 127.0.0.1.
    fileprivate(set) var port: Int {
        get { self.state.withLock { $0.port } }
        set { self.state.withLock { $0.port = newValue } }
    }

    /// The current number of open connections.
    var open: Int { self.state.withLock { $0.open } }

    /// The received commands in order, including `ASKING`.
    var commands: [[String]] { self.state.withLock { $0.commands } }

    /// The commands on connections that the peer ignores.
    var ignored: [[String]] { self.state.withLock { $0.ignored } }

    /// Ignores the current connections without closing them, like a NAT after its timeout.
    func forgetConnections() {
        self.state.withLock { $0.generation += 1 }
    }

    fileprivate var generation: Int { self.state.withLock { $0.generation } }

    /// Returns the number of received commands with a name.
    func count(_ name: String) -> Int { self.state.withLock { $0.counts[name, default: 0] } }

    /// Sets the rule for replies, which receives the command and the number of commands with this name so far.
    func answer(_ rule: @escaping Rule) {
        self.state.withLock { $0.rule = rule }
    }

    /// Returns a reply to `CLUSTER SLOTS` that assigns all slots to one node.
    static func map(_ port: Int) -> Answer {
        .say("*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:\(port)\r\n")
    }

    fileprivate func opened(_ change: Int) {
        self.state.withLock { $0.open += change }
    }

    fileprivate func take(_ command: [String], generation: Int) -> Answer {
        let (rule, number) = self.state.withLock { state -> (Rule?, Int) in
            guard generation == state.generation else {
                state.ignored.append(command)
                return (nil, 0)
            }
            state.commands.append(command)
            state.counts[command.first ?? "", default: 0] += 1
            return (state.rule, state.counts[command.first ?? "", default: 0])
        }
        return rule?(command, number) ?? .silence
    }
}

/// Runs a closure with scripted nodes and a configuration whose seed is the first node.
func withClusterPeers(
    _ count: Int,
    _ body: ([ClusterPeer], RedisConfiguration) async throws -> Void
) async throws {
    var channels: [any Channel] = []
    var peers: [ClusterPeer] = []
    for _ in 0..<count {
        let peer = ClusterPeer()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ClusterPlayer(peer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        peer.port = try #require(channel.localAddress?.port)
        channels.append(channel)
        peers.append(peer)
    }
    var configuration = RedisConfiguration(deployment: .cluster([.tcp(host: "127.0.0.1", port: peers[0].port)]))
    configuration.connectTimeout = .seconds(10)
    configuration.commandTimeout = .seconds(10)
    let result: Result<Void, any Error>
    do {
        try await body(peers, configuration)
        result = .success(())
    } catch {
        result = .failure(error)
    }
    for channel in channels { try? await channel.close() }
    try result.get()
}

/// A connection of a scripted node.
private final class ClusterPlayer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let peer: ClusterPeer
    private let generation: Int
    private var unread = ByteBuffer()

    init(_ peer: ClusterPeer) {
        self.peer = peer
        self.generation = peer.generation
    }

    func channelActive(context: ChannelHandlerContext) {
        self.peer.opened(1)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.peer.opened(-1)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.unread.writeImmutableBuffer(self.unwrapInboundIn(data))
        while let command = self.nextCommand() {
            switch self.peer.take(command, generation: self.generation) {
            case .say(let words):
                context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: words)), promise: nil)
            case .silence:
                break
            case .close:
                context.close(promise: nil)
                return
            }
        }
    }

    /// Parses a complete command such as `*2\r\n$3\r\nGET\r\n$1\r\nk\r\n`.
    private func nextCommand() -> [String]? {
        var rest = self.unread
        guard let count = Self.number(&rest) else { return nil }
        var words: [String] = []
        for _ in 0..<count {
            guard let length = Self.number(&rest), let word = rest.readString(length: length),
                rest.readString(length: 2) != nil
            else { return nil }
            words.append(word)
        }
        self.unread = rest
        return words
    }

    private static func number(_ buffer: inout ByteBuffer) -> Int? {
        let view = buffer.readableBytesView
        guard let end = view.firstIndex(of: 10), let line = buffer.readString(length: end - view.startIndex + 1) else {
            return nil
        }
        return Int(line.dropFirst().dropLast(1))
    }
}
