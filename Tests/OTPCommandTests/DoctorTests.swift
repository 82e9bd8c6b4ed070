// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import OTPRedis
import PrivateRedis
import RedisTopologies
import Testing

@testable import OTPCommand

/// Tests of `otp doctor` with a server on which `otp issue` would fail or lose data.
@Suite(.timeLimit(.minutes(2))) struct DoctorTests {
    /// Sends commands to a server, and returns the findings of `otp doctor` about it.
    private static func findings(
        arguments: [String] = [],
        _ commands: [RedisArgument]...,
        scheme: (PrivateRedisServer) -> String = \.url
    ) async throws -> [Finding] {
        try await withPrivateRedis(arguments: arguments, listensOnTCP: true) { server in
            try await withRedis(Self.patient(server.url)) { client in
                for command in commands {
                    guard case .text(let name)? = command.first else { continue }
                    _ = try await client.send(name, Array(command.dropFirst()))
                }
            }
            return await RedisExamination(configuration: try Self.patient(scheme(server))).findings()
        }
    }

    /// Returns a configuration with timeouts that are long enough for a busy machine.
    private static func patient(_ url: String) throws -> RedisConfiguration {
        var configuration = try RedisConfiguration(url: url)
        (configuration.connectTimeout, configuration.commandTimeout) = (.seconds(60), .seconds(60))
        return configuration
    }

    static func findings(_ url: String) async throws -> [Finding] {
        await RedisExamination(configuration: try RedisConfiguration(url: url)).findings()
    }

    /// Expects that exactly the given checks fail, and that each failure contains the server and a remedy.
    static func expectFailures(_ checks: [String: String], in findings: [Finding]) {
        let failures = findings.filter { $0.verdict == .fail }
        let lines = findings.map(\.line).joined(separator: "\n")
        #expect(Set(failures.map(\.check)) == Set(checks.keys), "\(lines)")
        for failure in failures {
            let words = checks[failure.check] ?? ""
            #expect(failure.line.contains(words), "\(words): \(lines)")
            #expect(failure.remedy != nil)
            #expect(failure.node != nil)
        }
    }

    @Test func healthyServerPassesWithoutLeftovers() async throws {
        try await withPrivateRedis(arguments: ["--appendonly", "yes"]) { server in
            let findings = try await Self.findings(server.url)
            // The finding about known faults depends on the version of the installed server.
            let others = findings.filter { $0.check != "redis faults" }
            #expect(others.allSatisfy { $0.verdict == .ok }, "\(findings.map(\.line))")
            #expect(findings.allSatisfy { $0.node == server.socketPath })
            try await withRedis(RedisConfiguration(url: server.url)) { client in
                try await waitUntil("an empty server") { try await client.send("DBSIZE") == .integer(0) }
            }
        }
    }

    @Test func everyStepRunsOnTheServer() async throws {
        let log = ["--slowlog-log-slower-than", "0", "--slowlog-max-len", "1000"]
        try await withPrivateRedis(arguments: log) { server in
            // In the second run, the server has cached every script.
            _ = try await Self.findings(server.url)
            try await withRedis(RedisConfiguration(url: server.url)) { client in
                _ = try await client.send("SLOWLOG", "RESET")
                _ = try await Self.findings(server.url)
                var scripts: [String: [String]] = [:]
                guard case .array(let entries) = try await client.send("SLOWLOG", "GET", "-1") else { return }
                for entry in entries {
                    let words = Self.command(entry)
                    guard words.count > 3, words[0] == "EVALSHA", words[3].contains(":doctor:") else { continue }
                    scripts[words[3], default: []].append(words[1])
                }
                // The scripts are called as follows: the clock check; issue, verify twice and unlock; issue and cancel; issue,
                // release and status; redeem twice.
                #expect(scripts.values.map(\.count).sorted() == [1, 2, 2, 3, 4])
                #expect(Set(scripts.values.joined()).count == 8)
            }
        }
    }

    /// Returns the command in an entry of the slow log.
    private static func command(_ entry: RedisReply) -> [String] {
        guard case .array(let fields) = entry, fields.count > 3, case .array(let words) = fields[3] else { return [] }
        return words.map { word in
            if case .bulk(let bytes) = word { String(decoding: bytes, as: UTF8.self) } else { "" }
        }
    }

    @Test func readOnlyReplicaFails() async throws {
        try await withPrivateRedis(listensOnTCP: true) { primary in
            let port = "\(primary.port ?? 0)"
            let findings = try await Self.findings(arguments: ["--replicaof", "127.0.0.1", port])
            Self.expectFailures(["redis steps": "issue: READONLY"], in: findings)
        }
    }

    @Test func replicaWithoutPrimaryFails() async throws {
        let arguments = ["--replicaof", "127.0.0.1", "1", "--replica-serve-stale-data", "no"]
        Self.expectFailures(["redis": "MASTERDOWN"], in: try await Self.findings(arguments: arguments))
    }

    @Test func tooFewReplicasFail() async throws {
        let findings = try await Self.findings(arguments: ["--min-replicas-to-write", "1"])
        Self.expectFailures(["redis steps": "min-replicas-to-write"], in: findings)
    }

    @Test func fullServerFails() async throws {
        let value = RedisArgument.text(String(repeating: "x", count: 1 << 20))
        let findings = try await Self.findings(["SET", "other", value], ["CONFIG", "SET", "maxmemory", "1mb"])
        Self.expectFailures(["redis steps": "maxmemory"], in: findings)
        #expect(findings.contains { $0.check == "memory" && $0.verdict == .warn })
    }

    @Test(arguments: ["allkeys-lru", "allkeys-random", "volatile-lru", "volatile-ttl", "volatile-lfu"])
    func everyEvictionPolicyButOneFails(policy: String) async throws {
        let findings = try await Self.findings(arguments: ["--maxmemory-policy", policy])
        Self.expectFailures(["eviction": policy], in: findings)
    }

    @Test func serverThatCannotSaveFails() async throws {
        try await withPrivateRedis { server in
            let configuration = try RedisConfiguration(url: server.url)
            try await withRedis(configuration) { client in
                // A folder at the path of the dump file makes saving fail.
                let folder = URL(fileURLWithPath: server.socketPath).deletingLastPathComponent().path
                let dump = "\(folder)/dump.rdb/full"
                try FileManager.default.createDirectory(atPath: dump, withIntermediateDirectories: true)
                _ = try await client.send("CONFIG", "SET", "save", "3600 1000000")
                _ = try await client.send("BGSAVE")
                try await waitUntil("a failed save") {
                    guard case .bulk(let text) = try await client.send("INFO", "persistence") else { return false }
                    return String(decoding: text, as: UTF8.self).contains("rdb_last_bgsave_status:err")
                }
            }
            Self.expectFailures(["redis": "check its disk"], in: try await Self.findings(server.url))
        }
    }

    @Test func serverWithoutPersistenceIsAWarning() async throws {
        let findings = try await Self.findings(arguments: ["--appendonly", "no"])
        Self.expectFailures([:], in: findings)
        let persistence = try #require(findings.first { $0.check == "persistence" })
        #expect(persistence.verdict == .warn && persistence.value.contains("restart"))
        #expect(persistence.remedy == "set appendonly yes")
    }

    @Test func documentedUserHasAllRightsExceptInfo() async throws {
        let rules = RedisACL(RedisConfiguration(endpoint: .unixSocket(path: ""))).rules
        let user = ["--user", "otp", "on", ">secret"] + rules.split(separator: " ").map(String.init)
        let findings = try await Self.findings(arguments: user) { "\($0.url)?username=otp&password=secret" }
        Self.expectFailures([:], in: findings)
        #expect(findings.first { $0.check == "redis steps" }?.verdict == .ok)
        let warnings = findings.filter { $0.verdict == .warn }
        #expect(warnings.map(\.check) == ["redis info"])
        #expect(warnings.first?.value.contains("were not checked") == true)
    }

    @Test(arguments: ["-evalsha -eval", "-time", "-psetex", "-get", "resetkeys ~otp:{*"])
    func missingRightFails(rule: String) async throws {
        let user = ["--user", "otp", "on", "nopass", "~otp:*", "+@all"]
        let change: [RedisArgument] = ["ACL", "SETUSER", "otp"] + rule.split(separator: " ").map { .text("\($0)") }
        let findings = try await Self.findings(arguments: user, change) { "\($0.url)?username=otp" }
        let steps = try #require(findings.first { $0.check == "redis steps" })
        #expect(steps.verdict == .fail && steps.remedy?.contains("rights") == true, "\(findings.map(\.line))")
    }

    @Test(arguments: [(3_600, true), (-60, false)])
    func clockThatWasSetBackIsAWarningUntilItHasCaughtUp(_ end: Int64, _ isWarning: Bool) async throws {
        let time = (Int64(Date().timeIntervalSince1970) + end) * 1_000
        let mark = (0..<6).reversed().map { UInt8(truncatingIfNeeded: time >> ($0 * 8)) }
        let record = RedisArgument.bytes([0, 0, 0, 0, 0, 0, 0, 1, 0x40, 0] + mark)
        let findings = try await Self.findings(arguments: ["--appendonly", "yes"], ["SET", "otp:{clock}", record])
        let finding = try #require(findings.first { $0.check == "redis clock jumps" })
        #expect(finding.verdict == (isWarning ? .warn : .ok))
        #expect(finding.value.contains(isWarning ? "are refused until 20" : "are accepted"))
        Self.expectFailures([:], in: findings)
    }

    @Test func wrongKindOfServerFails() async throws {
        let cluster = try await Self.findings { "redis-cluster://127.0.0.1:\($0.port ?? 0)" }
        Self.expectFailures(["cluster": "use redis:// in OTP_REDIS_URL"], in: cluster)
        let sentinel = try await Self.findings(arguments: ["--sentinel"])
        #expect(sentinel.contains { $0.verdict == .fail && $0.line.contains("redis-sentinel://") })
        let bus = ["--cluster-port", "\(try await freePort())"]
        let node = try await Self.findings(arguments: ["--cluster-enabled", "yes"] + bus)
        #expect(node.contains { $0.verdict == .fail && $0.line.contains("CLUSTERDOWN") }, "\(node.map(\.line))")
    }

    @Test(arguments: [
        ("7.0.15", false, true), ("7.2.10", false, true), ("7.2.11", false, false), ("8.0.3", false, true),
        ("8.0.4", false, false), ("8.2.2", false, false), ("8.4.0", false, false), ("10.0.0", false, false),
        ("8.1.3", true, true), ("8.1.4", true, false), ("8.0.4", true, true), ("9.0.0", true, false),
    ])
    func knownFaultsOfAVersionAreFound(version: String, isValkey: Bool, isAffected: Bool) {
        #expect(ScriptFaults.affect(version, isValkey: isValkey) == isAffected)
    }

    @Test func unknownVersionHasNoFinding() {
        for version in ["", "7.2", "unstable", "7.2.x"] {
            #expect(ScriptFaults.affect(version, isValkey: false) == nil)
        }
    }

    @Test func unreachableServerFails() async throws {
        for url in ["redis://127.0.0.1:1", "redis-cluster://127.0.0.1:1,127.0.0.1:2", "unix:///nowhere"] {
            let findings = try await Self.findings(url)
            #expect(!findings.isEmpty && findings.allSatisfy { $0.verdict == .fail }, "\(findings.map(\.line))")
        }
        let sentinels = try await Self.findings("redis-sentinel://127.0.0.1:1?master=m")
        #expect(sentinels.filter { $0.verdict == .fail }.map(\.check) == ["sentinels", "redis"])
    }
}
