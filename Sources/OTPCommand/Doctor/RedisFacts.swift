// SPDX-License-Identifier: Apache-2.0

import Hiredis
import NIOPosix

/// Runs a closure with a new Redis client, and then shuts the client down.
func withRedis<Result: Sendable>(
    _ configuration: RedisConfiguration,
    _ work: (RedisClient) async throws -> Result
) async throws -> Result {
    let client = RedisClient(
        configuration: configuration,
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton.next()
    )
    let result = await asyncResult { try await work(client) }
    await client.shutdown()
    return try result.get()
}

/// The facts in a Redis server's reply to `INFO`.
struct RedisFacts: Sendable {
    private let fields: [String: String]

    init(_ client: RedisClient) async throws {
        guard case .bulk(let bytes) = try await client.send("INFO") else {
            self.fields = [:]
            return
        }
        let pairs = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .compactMap { line -> (String, String)? in
                let halves = line.split(separator: ":", maxSplits: 1)
                return halves.count == 2 ? (String(halves[0]), String(halves[1])) : nil
            }
        self.fields = Dictionary(pairs) { _, last in last }
    }

    var version: String? { self.fields["valkey_version"] ?? self.fields["redis_version"] }

    /// The name and the version of the server; `nil` if the version is not known.
    var versionText: String? {
        self.version.map { "\(self.fields["valkey_version"] == nil ? "redis" : "valkey") \($0)" }
    }

    /// The finding if the Redis user is not allowed to run `INFO`.
    static let infoNotAllowed = Finding(
        "redis info",
        "INFO is not allowed: eviction, persistence and memory were not checked",
        .warn,
        remedy: "allow it by ACL SETUSER … +info, or check maxmemory-policy noeviction and appendonly yes"
    )

    /// The findings about eviction, persistence, memory and known security faults.
    var findings: [Finding] {
        guard self.fields["redis_mode"] != "sentinel" else {
            let remedy = "use redis-sentinel:// in OTP_REDIS_URL, with ?master=NAME"
            return [Finding("redis mode", "this is a sentinel", .fail, remedy: remedy)]
        }
        return [self.eviction, self.persistence, self.memory] + self.scriptFaults
    }

    /// The finding about known security faults of the server's version.
    private var scriptFaults: [Finding] {
        let isValkey = self.fields["valkey_version"] != nil
        guard let version = self.version, let affected = ScriptFaults.affect(version, isValkey: isValkey) else {
            return []
        }
        guard affected else { return [Finding("redis faults", "none known in the script engine")] }
        return [
            Finding(
                "redis faults",
                "\(version) has faults in the script engine (CVE-2025-49844), unless your distribution has fixed them",
                .warn,
                remedy: "update the server, or check the advisories of your distribution"
            )
        ]
    }

    private var eviction: Finding {
        switch self.fields["maxmemory_policy"] {
        case "noeviction"?: Finding("eviction", "noeviction")
        case let policy?:
            Finding(
                "eviction",
                policy,
                .fail,
                remedy: "set maxmemory-policy noeviction: an evicted counter is a lifted limit"
            )
        case nil:
            Finding("eviction", "unknown", .warn, remedy: "check that maxmemory-policy is noeviction")
        }
    }

    private var persistence: Finding {
        let writes = ["aof_last_write_status", "aof_last_bgrewrite_status"].compactMap { self.fields[$0] }
        switch self.fields["aof_enabled"] {
        case "1"? where writes.contains("err"):
            return Finding("persistence", "the append-only file cannot be written", .fail, remedy: "check the disk")
        case "1"?: return Finding("persistence", "appendonly")
        case "0"?:
            let loss = "appendonly is off: a restart loses codes and limits since the last snapshot, or all of them"
            return Finding("persistence", loss, .warn, remedy: "set appendonly yes")
        default: return Finding("persistence", "unknown", .warn, remedy: "check that appendonly is yes")
        }
    }

    private var memory: Finding {
        guard let used = self.fields["used_memory"].flatMap(Double.init),
            let maximum = self.fields["maxmemory"].flatMap(Double.init)
        else { return Finding("memory", "unknown", .warn, remedy: "check that maxmemory leaves headroom") }
        guard maximum > 0 else { return Finding("memory", "no maxmemory") }
        let text = "\(Int((used / maximum * 100).rounded())) % of maxmemory"
        guard used >= maximum * 0.9 else { return Finding("memory", text) }
        return Finding("memory", text, .warn, remedy: "raise maxmemory: a full server rejects every step")
    }
}
