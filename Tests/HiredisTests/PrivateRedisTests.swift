// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import MovableClock
import PrivateRedis
import Subprocess
import SystemPackage
import Testing

@Suite struct PrivateRedisTests {
    @Test func theServerAndItsFolderAreGoneAfterwards() async throws {
        let (processID, folder) = try await withPrivateRedis { server in
            let folder = self.folder(of: server)
            let mode = try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions] as? Int
            #expect(mode == 0o700)
            return (server.processID, folder)
        }
        #expect(!isRunning(processID))
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test func theServerIsGoneAfterAnErrorOrACancellation() async throws {
        let cancelled = Task {
            try await withPrivateRedis { server in
                withUnsafeCurrentTask { $0?.cancel() }
                throw Found(processID: server.processID, folder: self.folder(of: server))
            }
        }
        let thrown = await #expect(throws: Found.self) { try await cancelled.value }
        let found = try #require(thrown)
        #expect(!isRunning(found.processID))
        #expect(!FileManager.default.fileExists(atPath: found.folder))
    }

    @Test func theServerDiesWithItsOwner() async throws {
        let supervisor = PrivateRedisSupervisor(folder: PrivateRedisSupervisor.newFolder())
        // The owner is a process with the other end of the pipe, which the test kills.
        let script = "sleep 600 | { echo ready; exec /bin/sh \"$@\"; }"
        let owner = try await run(
            .path("/bin/sh"),
            arguments: Arguments(["-c", script, "owner"] + supervisor.shellArguments(port: nil, [])),
            input: .none,
            output: .discarded,
            error: .discarded
        ) { execution in
            try await eventually { supervisor.processID.map(isRunning) == true }
            let server = try #require(supervisor.processID)
            let holder = try #require(child(of: execution.processIdentifier.value, named: "sleep"))
            kill(holder, SIGKILL)
            try await eventually { !isRunning(server) && !FileManager.default.fileExists(atPath: supervisor.folder) }
            return server
        }
        #expect(!isRunning(owner.closureResult))
    }

    @Test func aServerThatDoesNotStartReportsTheReasonImmediately() async throws {
        let start = ContinuousClock.now
        let error = await #expect(throws: PrivateRedisError.self) {
            try await withPrivateRedis(arguments: ["--no-such-setting", "1"]) { _ in }
        }
        #expect(error?.description.contains("no-such-setting") == true)
        // A start that only times out takes ten seconds.
        #expect(ContinuousClock.now - start < .seconds(9))
    }

    @Test func aRestartThatFailsReportsTheReason() async throws {
        let error = await #expect(throws: PrivateRedisError.self) {
            try await withPrivateRedis { server in
                // The second start fails, because the folder is missing.
                try await server.stop()
                try FileManager.default.removeItem(atPath: self.folder(of: server))
                try await server.start()
            }
        }
        #expect(error?.description.contains("/pid.new") == true, "\(String(describing: error))")
        // The start failed without a timeout, because the shell had ended.
        #expect(error?.description.contains("did not reply") == false)
    }

    @Test(
        arguments: [
            (nil, "/tmp"), ("", "/tmp"), ("/", "/tmp"), ("/var/tmp", "/var/tmp"), ("/var/tmp//", "/var/tmp"),
            ("relative", FileManager.default.currentDirectoryPath + "/relative"),
        ] as [(String?, String)]
    )
    func folderIsWhereTheEnvironmentSays(variable: String?, parent: String) {
        let folder = PrivateRedisSupervisor.newFolder(environment: variable.map { ["TMPDIR": $0] } ?? [:])
        #expect(folder.hasPrefix("\(parent)/private-redis-"), "\(folder)")
        #expect(folder != PrivateRedisSupervisor.newFolder(environment: ["TMPDIR": parent]))
    }

    @Test func timeAndExpiryFollowTheMovableClock() async throws {
        let clock = try await MovableClock()
        try await withPrivateRedis(environment: clock.environment) { server in
            try await withClient(server.configuration()) { client in
                func times() async throws -> [Int64] {
                    let script = RedisScript(source: "return redis.call('TIME')")
                    return [
                        try seconds(try await client.send("TIME")),
                        try seconds(try await client.evaluate(script, keys: [], arguments: [])),
                    ]
                }
                let day: Int64 = 86_400
                for (offset, key) in [(30 * day, "a"), (-60 * day, "b")] {
                    let before = try await times()
                    _ = try await client.send("SET", .text(key), "v", "PX", .integer(day * 1_000))
                    try clock.advance(by: .seconds(offset))
                    let after = try await times()
                    for (earlier, later) in zip(before, after) {
                        #expect((offset...(offset + 5)).contains(later - earlier))
                    }
                    let isGone = try await client.send("GET", .text(key)) == .null
                    #expect(isGone == (offset > 0))
                }
                guard case .integer(let left) = try await client.send("PTTL", "b") else { throw Unexpected() }
                #expect(left > 60 * day * 1_000)
                #expect(clock.offset == .seconds(-30 * day))
            }
        }
    }

    private func folder(of server: PrivateRedisServer) -> String {
        URL(fileURLWithPath: server.socketPath).deletingLastPathComponent().path
    }

    private func seconds(_ reply: RedisReply) throws -> Int64 {
        guard case .array(let parts) = reply, case .bulk(let digits)? = parts.first,
            let seconds = Int64(String(decoding: digits, as: UTF8.self))
        else { throw Unexpected() }
        return seconds
    }
}

private struct Found: Error {
    var processID: Int32
    var folder: String
}

/// Returns whether a process exists and is not a zombie.
private func isRunning(_ processID: Int32) -> Bool {
    guard processID > 0, let status = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8) else {
        return false
    }
    return status.split(separator: ")").last?.split(separator: " ").first != "Z"
}

/// Returns the ID of a child process with a name.
private func child(of parent: Int32, named name: String) -> Int32? {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.compactMap { Int32($0) }
        .first { processID in
            guard let status = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8) else {
                return false
            }
            return status.contains("(\(name))")
                && status.split(separator: ")").last?.split(separator: " ").dropFirst().first == "\(parent)"
        }
}
