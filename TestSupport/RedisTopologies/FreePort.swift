// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// Returns a free port of 127.0.0.1 outside the range for outgoing connections.
func freePort() async throws -> Int {
    for _ in 0..<1_000 {
        // Linux uses ports from 32,768 for outgoing connections.
        let port = Int.random(in: 10_000..<32_000)
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        guard let channel = try? await bootstrap.bind(host: "127.0.0.1", port: port).get() else { continue }
        try await channel.close()
        return port
    }
    throw TopologyError(description: "no free port on 127.0.0.1")
}
