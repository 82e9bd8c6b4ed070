// SPDX-License-Identifier: Apache-2.0

import Hiredis
import PrivateRedis
import Testing

/// Runs a closure with a primary and a replica.
func withPair(_ body: (PrivateRedisServer, PrivateRedisServer) async throws -> Void) async throws {
    let delay = ["--repl-diskless-sync-delay", "0"]
    try await withPrivateRedis(arguments: delay, listensOnTCP: true) { primary in
        let arguments = delay + ["--replicaof", "127.0.0.1", "\(primary.port ?? 0)"]
        try await withPrivateRedis(arguments: arguments, listensOnTCP: true) { replica in
            try await withClient(primary.configuration()) { client in
                // The first confirmation of a new replica acknowledges the initial copy, and may take a second. The
                // confirmation of later writes may take another second.
                var confirmed = 0
                try await eventually {
                    _ = try await client.send("SET", "ready", "1")
                    if try await client.send("WAIT", 1, 50) == .integer(1) { confirmed += 1 }
                    return confirmed == 2
                }
            }
            try await body(primary, replica)
        }
    }
}
