// SPDX-License-Identifier: Apache-2.0

import Hiredis

/// The resource usage of a Redis server: the CPU time of its main thread, and its memory.
struct RedisFigures {
    /// The CPU time of the main thread in seconds.
    var cpu = 0.0

    /// The number of bytes that the server has allocated.
    var memory = 0

    struct Missing: Error {}

    /// Reads the resource usage from the reply to `INFO`.
    static func read(_ client: RedisClient) async throws -> Self {
        guard case .bulk(let bytes) = try await client.send("INFO", ["everything"]) else { throw Missing() }
        var figures = Self()
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":")
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "used_cpu_user_main_thread", "used_cpu_sys_main_thread": figures.cpu += Double(parts[1]) ?? 0
            case "used_memory": figures.memory = Int(parts[1]) ?? 0
            default: break
            }
        }
        return figures
    }
}
