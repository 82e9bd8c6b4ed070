import NIOCore
import NIOPosix

/// Finds a port of 127.0.0.1 that nobody uses at this moment, and that the system gives to no outgoing connection.
func freePort() async throws -> Int {
    for _ in 0..<1_000 {
        // From 32,768 on Linux takes ports for outgoing connections.
        let port = Int.random(in: 10_000..<32_000)
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        guard let channel = try? await bootstrap.bind(host: "127.0.0.1", port: port).get() else { continue }
        try await channel.close()
        return port
    }
    throw TopologyError(description: "there is no free port")
}
