import Foundation
import Hiredis
import Testing

/// The probes of the kernel, as `/proc/net/tcp` shows them.
@Suite struct KeepAliveTests {
    /// The timer of a connection in hundredths of a second, if it is that of keepalive.
    private static func keepAliveTimer(to port: Int) throws -> Int? {
        let table = try Self.table()
        let suffix = ":" + String(format: "%04X", port)
        for line in table.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: " ")
            // The state 01 is an established connection, and the timer 02 that of keepalive.
            guard fields.count > 5, fields[2].hasSuffix(suffix), fields[3] == "01" else { continue }
            let timer = fields[5].split(separator: ":")
            return timer.first == "02" && timer.count == 2 ? Int(timer[1], radix: 16) : nil
        }
        return nil
    }

    /// Reads the connections of this machine; the kernel gives the table in pieces, of which Foundation reads the first only.
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
            guard case .standalone(.tcp(_, let port)) = configuration.deployment else { throw Unexpected() }
            try await withClient(configuration) { client in
                _ = try await client.send("PING")
                try await eventually {
                    guard let timer = try Self.keepAliveTimer(to: port) else { return false }
                    return (seconds * 50...seconds * 100 + 100).contains(timer) || (seconds == 1 && timer <= 100)
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
            guard case .standalone(.tcp(_, let port)) = configuration.deployment else { throw Unexpected() }
            try await withClient(configuration) { client in
                _ = try await client.send("PING")
                #expect(try Self.keepAliveTimer(to: port) == nil)
            }
        }
    }
}
