// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import Testing

/// Tests of the kernel's TCP keepalive probes, with the data in `/proc/net/tcp`.
@Suite struct KeepAliveTests {
    /// Returns the timer of an established connection: its kind, and the remaining time in hundredths of a second.
    ///
    /// The kind is 00 for no timer, 01 for retransmission, and 02 for keepalive.
    private static func timer(to port: Int) throws -> (kind: Substring, left: Int)? {
        let table = try Self.table()
        let suffix = ":" + String(format: "%04X", port)
        for line in table.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: " ")
            // The state 01 is an established connection.
            guard fields.count > 5, fields[2].hasSuffix(suffix), fields[3] == "01" else { continue }
            let timer = fields[5].split(separator: ":")
            guard timer.count == 2, let left = Int(timer[1], radix: 16) else { throw Unexpected() }
            return (timer[0], left)
        }
        return nil
    }

    /// Reads the connection table with several reads, because Foundation would use only one.
    private static func table() throws -> String {
        let stream = try #require(InputStream(fileAtPath: "/proc/net/tcp"))
        stream.open()
        defer { stream.close() }
        var (table, piece) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
        while case let count = stream.read(&piece, maxLength: piece.count), count > 0 { table += piece[..<count] }
        return String(decoding: table, as: UTF8.self)
    }

    @Test(arguments: [1, 60, 300, 32_767])
    func theKernelProbesAnIdleConnection(seconds: Int) async throws {
        try await withPeer(Peer.Script(answers: ["+PONG\r\n", "+PONG\r\n"])) { _, configuration in
            var configuration = configuration
            configuration.keepAliveInterval = .seconds(seconds)
            guard case .standalone(let endpoint) = configuration.deployment.kind, let port = endpoint.port else {
                throw Unexpected()
            }
            try await withClient(configuration) { client in
                _ = try await client.send("PING")
                try await eventually {
                    guard let timer = try Self.timer(to: port), timer.kind == "02" else { return false }
                    // The remaining time decreases during the test.
                    return timer.left <= seconds * 100 + 100 && (timer.left >= seconds * 50 || seconds == 1)
                }
            }
        }
    }

    @Test func byDefaultAConnectionIsProbedAfterAMinute() {
        let configuration = RedisConfiguration(endpoint: .tcp(host: "h", port: 1))
        #expect(configuration.keepAliveInterval == .seconds(60))
        #expect(configuration.healthCheckInterval == .seconds(30))
    }

    @Test func withoutAnIntervalNothingIsProbed() async throws {
        try await withPeer(Peer.Script(answers: ["+PONG\r\n", "+PONG\r\n"])) { _, configuration in
            var configuration = configuration
            configuration.keepAliveInterval = nil
            guard case .standalone(let endpoint) = configuration.deployment.kind, let port = endpoint.port else {
                throw Unexpected()
            }
            try await withClient(configuration) { client in
                _ = try await client.send("PING")
                // Until the last bytes are acknowledged, the retransmission timer hides the keepalive timer.
                try await eventually {
                    let kind = try #require(try Self.timer(to: port)).kind
                    try #require(kind != "02")
                    return kind == "00"
                }
            }
        }
    }
}
