// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import PrivateRedis
import Synchronization
import Testing

@testable import Hiredis

/// Tests of certificates, server names and TLS versions.
@Suite struct TLSTests {
    @Test(arguments: ["127.0.0.1", "localhost"])
    func aTrustedServerIsAccepted(_ host: String) async throws {
        try await withTLS { certificates, port, _ in
            let url = "rediss://\(host):\(port)/2?ca=\(certificates.path("ca.pem"))"
            try await withClient(RedisConfiguration(url: url)) { client in
                let value = [UInt8](repeating: 7, count: 900_000)
                _ = try await client.send("SET", "k", .bytes(value))
                #expect(try await client.send("GET", "k") == .bulk(value))
                #expect(client.counters.connectionsOpened == 1)
            }
        }
    }

    @Test func aServerNameReplacesTheAddress() async throws {
        try await withTLS(certificate: "named") { certificates, port, _ in
            let url = "rediss://127.0.0.1:\(port)?ca=\(certificates.path("ca.pem"))"
            #expect(await Self.refusal(url).contains("for another host"))
            #expect(await Self.refusal(url + "&servername=other.test").contains("for another host"))
            try await withClient(RedisConfiguration(url: url + "&servername=redis.test")) { client in
                let reply = try await client.send("PING")
                #expect(reply == .status("PONG"))
            }
        }
    }

    @Test(arguments: [
        ("expired", "ca", "not trusted"), ("foreign", "ca", "not trusted"), ("server", "other", "not trusted"),
        ("elsewhere", "ca", "for another host"),
    ])
    func aServerThatIsNotTrustedIsRefused(certificate: String, ca: String, words: String) async throws {
        try await withTLS(certificate: certificate) { certificates, port, _ in
            let url = "rediss://:hunter2@127.0.0.1:\(port)?ca=\(certificates.path("\(ca).pem"))"
            #expect(await Self.refusal(url).contains(words))
            // The CAs of the system have not signed the certificate either.
            #expect(await Self.refusal("rediss://127.0.0.1:\(port)").contains("not trusted"))
            // If the client accepts any certificate, it connects.
            var configuration = try RedisConfiguration(url: "rediss://127.0.0.1:\(port)")
            configuration.tls?.insecurelyAcceptsAnyCertificate = true
            try await withClient(configuration) { client in
                let reply = try await client.send("PING")
                #expect(reply == .status("PONG"))
            }
        }
    }

    @Test func aServerCanRequireAClientCertificate() async throws {
        try await withTLS(clients: "yes") { certificates, port, _ in
            let url = "rediss://localhost:\(port)?ca=\(certificates.path("ca.pem"))"
            func with(_ name: String) -> String {
                "\(url)&cert=\(certificates.path("\(name).pem"))&key=\(certificates.path("\(name).key"))"
            }
            #expect(await Self.refusal(url).contains("certificate of the client"))
            #expect(await Self.refusal(with("foreign")).contains("certificate of the client"))
            try await withClient(RedisConfiguration(url: with("client"))) { client in
                let reply = try await client.send("PING")
                #expect(reply == .status("PONG"))
            }
        }
    }

    @Test func aServerWithoutTLSIsReported() async throws {
        try await withTLS { _, _, server in
            let port = try #require(server.port)
            #expect(await Self.refusal("rediss://127.0.0.1:\(port)", timeout: .milliseconds(500)).contains("TLS"))
        }
    }

    @Test func aServerThatRequiresTLSIsReported() async throws {
        try await withTLS { _, port, _ in
            try await withClient(RedisConfiguration(url: "redis://127.0.0.1:\(port)")) { client in
                let error = await failure(client, "PING")
                #expect(error?.description.contains("TLS") == true)
                #expect(error?.code == .outcomeUnknown || error?.code == .protocolViolation)
            }
            let error = await Self.refusal("redis://:hunter2@127.0.0.1:\(port)")
            #expect(error.contains("TLS"))
        }
        let wire = try Wire()
        let answers = try wire.send(count: 1)
        wire.receive([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46])
        #expect(answers.codes == [.protocolViolation])
        #expect(wire.handler.failure?.message.contains("TLS") == true)
    }

    @Test func anOldVersionIsRefused() async throws {
        try await withCertificates { certificates in
            let port = try await freePort()
            // By default, OpenSSL disables this version.
            let old = ["--tls-protocols", "TLSv1.1", "--tls-ciphers", "DEFAULT@SECLEVEL=0"]
            try await withPrivateRedis(arguments: certificates.arguments(port: port) + old) { _ in
                let url = "rediss://127.0.0.1:\(port)?ca=\(certificates.path("ca.pem"))"
                #expect(await Self.refusal(url).contains("no version of TLS in common"))
            }
        }
    }

    @Test func aSilentServerFailsAfterTheConnectTimeout() async throws {
        try await withPeer(Peer.Script()) { peer, configuration in
            var configuration = configuration
            configuration.tls = RedisConfiguration.TLS()
            configuration.connectTimeout = .milliseconds(300)
            configuration.commandTimeout = .seconds(600)
            try await withClient(configuration) { client in
                let start = ContinuousClock.now
                #expect(await failure(client, "PING")?.code == .connectionFailed)
                #expect(ContinuousClock.now - start < .seconds(60))
            }
            try await eventually { peer.open == 0 }
        }
    }

    @Test func unusableFilesFailEveryCommandByTheirPath() async throws {
        try await withCertificates { certificates in
            let secret = certificates.path("secret.pem")
            try "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n"
                .write(toFile: secret, atomically: true, encoding: .utf8)
            let client = certificates.path("client.pem")
            let cases: [(query: String, path: String)] = [
                ("ca=/nonexistent/ca.pem", "/nonexistent/ca.pem"),
                ("ca=\(secret)", secret),
                ("ca=\(certificates.folder)", certificates.folder),
                ("cert=/nonexistent/c.pem&key=\(certificates.path("client.key"))", "/nonexistent/c.pem"),
                ("cert=\(client)&key=\(secret)", secret),
                ("cert=\(client)&key=/nonexistent/k.pem", "/nonexistent/k.pem"),
                ("cert=\(client)&key=\(certificates.path("server.key"))", certificates.path("server.key")),
                ("servername=127.0.0.1", "name"),
            ]
            for (query, path) in cases {
                try await withClient(RedisConfiguration(url: "rediss://localhost:1?\(query)")) { client in
                    for _ in 0..<2 {
                        let error = await failure(client, "PING")
                        #expect(error?.code == .invalidConfiguration)
                        #expect(error?.description.contains(path) == true)
                        #expect(error?.description.contains("hunter2") == false)
                    }
                    #expect(client.counters.connectionsAttempted == 0)
                }
            }
            var half = try RedisConfiguration(url: "rediss://localhost:1")
            half.tls?.certificateChainFile = client
            try await withClient(half) { client in
                #expect(await failure(client, "PING")?.code == .invalidConfiguration)
            }
        }
    }

    @Test func theFilesAreReadOnce() async throws {
        try await withTLS { certificates, port, server in
            let url = "rediss://localhost:\(port)?ca=\(certificates.path("ca.pem"))"
            try await withClient(RedisConfiguration(url: url)) { client in
                try FileManager.default.removeItem(atPath: certificates.path("ca.pem"))
                _ = try await client.send("PING")
                _ = await failure(client, "CLIENT", ["KILL", "TYPE", "normal", "SKIPME", "no"])
                try await eventually { await failure(client, "PING") == nil }
                #expect(client.counters.connectionsOpened == 2)
            }
        }
    }

    @Test(arguments: [
        ("localhost", nil, "localhost"), ("127.0.0.1", nil, nil), ("127.0.0.1", "redis.test", "redis.test"),
    ])
    func theNameIsSentAndAnAddressIsNot(host: String, name: String?, expected: String?) async throws {
        try await withCertificates { certificates in
            try await withEncryptedPeer(certificates) { peer, port in
                var configuration = RedisConfiguration(endpoint: .tcp(host: host, port: port))
                configuration.tls = RedisConfiguration.TLS()
                configuration.tls?.trustedCertificatesFile = certificates.path("ca.pem")
                configuration.tls?.serverName = name
                try await withClient(configuration) { client in
                    let reply = try await client.send("PING")
                    #expect(reply == .status("OK"))
                }
                #expect(peer.names.withLock { $0 } == [expected])
            }
        }
    }

    @Test func aBatchLeavesInOneWriteOverTLS() async throws {
        try await withCertificates { certificates in
            try await withEncryptedPeer(certificates) { peer, port in
                let group = MultiThreadedEventLoopGroup.singleton.next()
                var configuration = try RedisConfiguration(
                    url: "rediss://localhost:\(port)?ca=\(certificates.path("ca.pem"))"
                )
                try configuration.prepare()
                let counters = RedisMetrics()
                let connection = RedisConnection(
                    configuration: configuration,
                    address: .fixed(.tcp(host: "localhost", port: port)),
                    eventLoop: group,
                    counters: counters,
                    siblings: RedisConnectionSet()
                )
                func submit(_ count: Int) async throws {
                    let promises = (0..<count).map { _ in group.makePromise(of: RedisReply.self) }
                    try await group.submit {
                        for promise in promises {
                            let id = connection.makeID()
                            let command = RedisCommand(
                                name: "PING",
                                arguments: [.bytes(Array(repeating: 1, count: 100))]
                            )
                            connection.submit(command, id: id, waiter: .promise(promise))
                        }
                    }
                    .get()
                    for promise in promises { _ = try await promise.futureResult.get() }
                }
                try await submit(1)
                let (writes, reads) = (counters.writes, peer.reads.load(ordering: .relaxed))
                // A batch of this size or more would be written before the tick ends.
                try await submit(RedisOutbox.firstBatch - 1)
                #expect(counters.writes == writes + 1)
                #expect(peer.reads.load(ordering: .relaxed) == reads + 1)
                connection.close()
                await connection.shutdown()
            }
        }
    }

    @Test func sentinelsAndTheirServersAreBothEncrypted() async throws {
        try await withTLS { certificates, port, server in
            try await withFakeSentinels(certificates: certificates) { sentinels, configuration in
                var configuration = configuration
                configuration.tls = RedisConfiguration.TLS()
                configuration.tls?.trustedCertificatesFile = certificates.path("ca.pem")
                sentinels[0].name(port: port)
                try await withClient(configuration) { client in
                    let reply = try await client.send("PING")
                    #expect(reply == .status("PONG"))
                }
                // This port of the same server has no TLS.
                sentinels[0].name(port: server.port)
                configuration.connectTimeout = .milliseconds(500)
                try await withClient(configuration) { client in
                    #expect(await failure(client, "PING")?.code == .connectionFailed)
                }
                configuration.tls?.trustedCertificatesFile = certificates.path("other.pem")
                let asked = sentinels[0].queries
                try await withClient(configuration) { client in
                    let error = await failure(client, "PING")
                    #expect(error?.code == .connectionFailed)
                    #expect(error?.description.contains("not trusted") == true)
                }
                #expect(sentinels[0].queries == asked)
            }
        }
    }

    @Test func shutdownDoesNotWaitForTheGoodbyeOfAStoppedServer() async throws {
        try await withTLS { certificates, port, server in
            let url = "rediss://localhost:\(port)?ca=\(certificates.path("ca.pem"))"
            let client = RedisClient(configuration: try RedisConfiguration(url: url))
            try await server.suspend(connectedTo: client)
            let start = ContinuousClock.now
            await client.shutdown()
            #expect(ContinuousClock.now - start < .seconds(4))
            server.signal(SIGCONT)
        }
    }

    /// Returns the error message for a command that did not run.
    private static func refusal(_ url: String, timeout: Duration = .seconds(10)) async -> String {
        do {
            var configuration = try RedisConfiguration(url: url)
            configuration.connectTimeout = timeout
            configuration.commandTimeout = .seconds(20)
            return try await withClient(configuration) { client in
                let error = await failure(client, "INCR", ["n"])
                #expect(error?.code == .connectionFailed)
                #expect(error?.description.contains("hunter2") == false)
                return error?.description ?? "none"
            }
        } catch {
            return "\(error)"
        }
    }
}

/// Runs a closure with a server that also has a TLS port.
private func withTLS(
    certificate: String = "server",
    clients: String = "no",
    _ body: (Certificates, Int, PrivateRedisServer) async throws -> Void
) async throws {
    try await withCertificates { certificates in
        let port = try await freePort()
        let arguments = certificates.arguments(port: port, certificate: certificate, clients: clients)
        try await withPrivateRedis(arguments: arguments, listensOnTCP: true) { server in
            try await body(certificates, port, server)
        }
    }
}

/// The observations of a TLS server in the test process.
private final class EncryptedPeer: Sendable {
    /// The server name (SNI) from each client.
    let names = Mutex<[String?]>([])
    /// The number of reads from all connections.
    let reads = Atomic(0)
}

/// Runs a closure with a TLS server that replies to each `PING` with `OK`.
private func withEncryptedPeer(
    _ certificates: Certificates,
    _ body: (EncryptedPeer, Int) async throws -> Void
) async throws {
    let peer = EncryptedPeer()
    let context = try certificates.serverContext { name in peer.names.withLock { $0.append(name) } }
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandlers([
                    ReadCounter(peer: peer), NIOSSLServerHandler(context: context), Answerer(),
                ])
            }
        }
        .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 1 << 18))
        .bind(host: "127.0.0.1", port: 0).get()
    do {
        try await body(peer, try #require(server.localAddress?.port))
    } catch {
        try await server.close()
        throw error
    }
    try await server.close()
}

private final class ReadCounter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let peer: EncryptedPeer

    init(peer: EncryptedPeer) {
        self.peer = peer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.peer.reads.wrappingAdd(1, ordering: .relaxed)
        context.fireChannelRead(data)
    }
}

private final class Answerer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let commands = self.unwrapInboundIn(data).readableBytesView.count { $0 == UInt8(ascii: "P") }
        let answers = String(repeating: "+OK\r\n", count: commands)
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: answers)), promise: nil)
    }
}
