// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Hiredis
import NIOPosix
package import PrivateRedis

/// A node of a private cluster.
package struct ClusterNode: Sendable {
    /// The index of the node in the group.
    package let index: Int

    /// The port for clients on 127.0.0.1.
    package let port: Int

    /// The port of the cluster bus.
    package let busPort: Int

    /// The server process.
    package let server: PrivateRedisServer

    /// A client for this node only, which does not follow redirections.
    package let client: RedisClient

    init(index: Int, port: Int, busPort: Int, server: PrivateRedisServer) {
        self.index = index
        self.port = port
        self.busPort = busPort
        self.server = server
        var configuration = RedisConfiguration(endpoint: .unixSocket(path: server.socketPath))
        configuration.connectTimeout = .seconds(10)
        configuration.commandTimeout = .seconds(10)
        self.client = RedisClient(
            configuration: configuration,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton.next()
        )
    }

    /// The address for clients of the cluster.
    package var endpoint: RedisConfiguration.Endpoint { .tcp(host: "127.0.0.1", port: self.port) }

    /// Kills the node, and returns when its process has ended; only its view of the cluster remains.
    package func kill() async throws {
        try await self.server.stop()
    }

    /// Starts the node without data after ``kill()``, and returns when the node replies.
    ///
    /// If no replica was promoted, the node restarts as an empty primary. To keep the data, first wait for the failover.
    package func restart() async throws {
        try await self.server.start()
    }

    /// Suspends the process, while its connections stay open.
    package func pause() {
        self.server.signal(SIGSTOP)
    }

    /// Resumes the process after ``pause()``.
    package func resume() {
        self.server.signal(SIGCONT)
    }

    /// Returns the node ID.
    package func id() async throws -> String {
        guard case .bulk(let id) = try await self.client.send("CLUSTER", "MYID") else {
            throw TopologyError(description: "node \(self.index) has no ID")
        }
        return String(decoding: id, as: UTF8.self)
    }

    /// Returns the state of the cluster from the view of this node: `ok` or `fail`.
    package func state() async throws -> String {
        try await self.lines("CLUSTER", "INFO")["cluster_state"] ?? ""
    }

    /// Returns the fields of a section of `INFO`.
    package func info(_ section: String) async throws -> [String: String] {
        try await self.lines("INFO", .text(section))
    }

    /// Returns the number of calls of a command by clients and scripts, since the start or `CONFIG RESETSTAT`.
    package func calls(of command: String) async throws -> Int {
        let statistics = try await self.info("commandstats")["cmdstat_\(command)"] ?? ""
        let calls = statistics.split(separator: ",").first { $0.hasPrefix("calls=") }
        return calls.flatMap { Int($0.dropFirst(6)) } ?? 0
    }

    /// Returns all nodes from the view of this node.
    func entries() async throws -> [ClusterEntry] {
        guard case .bulk(let bytes) = try await self.client.send("CLUSTER", "NODES") else {
            throw TopologyError(description: "node \(self.index) did not return its nodes")
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { ClusterEntry($0) }
    }

    private func lines(_ command: String, _ argument: RedisArgument) async throws -> [String: String] {
        guard case .bulk(let bytes) = try await self.client.send(command, argument) else { return [:] }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        let pairs = lines.compactMap { line -> (String, String)? in
            let halves = line.split(separator: ":", maxSplits: 1)
            return halves.count == 2 ? (String(halves[0]), String(halves[1])) : nil
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}

/// A line in the reply to `CLUSTER NODES`.
struct ClusterEntry {
    var id: String
    var port: Int
    var flags: Set<String>
    var primaryID: String?
    var slots: [Int]

    var isSelf: Bool { self.flags.contains("myself") }
    var isHandshake: Bool { self.flags.contains("handshake") }
    var hasFailed: Bool { self.flags.contains("fail") || self.flags.contains("fail?") }

    /// Parses `id ip:port@bus[,name] flags primary ping pong epoch link slots…`.
    init?(_ line: Substring) {
        let fields = line.split(separator: " ")
        guard fields.count >= 8 else { return nil }
        let address = fields[1].split(separator: "@")[0]
        guard let port = address.split(separator: ":").last.flatMap({ Int($0) }) else { return nil }
        self.id = String(fields[0])
        self.port = port
        self.flags = Set(fields[2].split(separator: ",").map(String.init))
        self.primaryID = fields[3] == "-" ? nil : String(fields[3])
        self.slots = fields[8...].filter { !$0.hasPrefix("[") }
            .flatMap { range -> [Int] in
                let ends = range.split(separator: "-").compactMap { Int($0) }
                guard let first = ends.first, let last = ends.last, first <= last else { return [] }
                return Array(first...last)
            }
    }
}
