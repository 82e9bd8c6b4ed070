// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subprocess
import SystemPackage
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Tests of the start and the end of the demo.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct DemoTests {
    @Test func demoLeavesNothingBehind() async throws {
        var folder = ""
        var redis: Int32 = 0
        var secrets: [String] = []
        let end = try await Demo.run { demo in
            let names = ["OTP_KEYS", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "OTP_API_KEY", "OTP_ADMIN_KEY"]
            secrets = try names.map { try #require(demo.environment[$0]) }
            let url = try #require(demo.environment["OTP_REDIS_URL"])
            #expect(url.hasPrefix("unix:///"))
            folder = URL(fileURLWithPath: String(url.dropFirst("unix://".count))).deletingLastPathComponent().path
            #expect(FileManager.default.fileExists(atPath: folder))
            let pid = try String(contentsOfFile: folder + "/pid", encoding: .utf8)
            redis = try #require(Int32(pid.trimmingCharacters(in: .whitespacesAndNewlines)))
            #expect(Program.isRunning(redis))
            // The two processes are the demo and the shell that supervises its Redis server.
            #expect(processes(with: demo.mark).count == 2)
            let mode = try FileManager.default.attributesOfItem(atPath: demo.file)[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o600)
            let siblings = try FileManager.default.contentsOfDirectory(
                atPath: URL(fileURLWithPath: demo.file).deletingLastPathComponent().path
            )
            #expect(siblings == ["demo's.env"])
        }
        #expect(end.status == 0, "\(end)")
        #expect(end.processes.isEmpty && !end.fileExists, "\(end)")
        #expect(!FileManager.default.fileExists(atPath: folder))
        #expect(!Program.isRunning(redis))
        #expect(end.output.contains("http://127.0.0.1:") && end.output.contains("inbox wait"))
        for secret in secrets {
            #expect(!end.output.contains(secret) && !end.errors.contains(secret))
        }
    }

    @Test func everyDemoHasNewKeys() async throws {
        var keys: Set<String> = []
        for _ in 1...2 {
            try await Demo.run(["--store", "memory"]) { demo in
                keys.insert(demo.environment["OTP_KEYS"] ?? "")
                keys.insert(demo.environment["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] ?? "")
            }
        }
        #expect(keys.count == 4)
    }

    @Test func memoryStoreStatesItsLimits() async throws {
        let end = try await Demo.run(["--store", "memory"]) { demo in
            #expect(demo.environment["OTP_REDIS_URL"] == nil)
            let file = try String(contentsOfFile: demo.file, encoding: .utf8)
            #expect(file.contains("# There is no OTP_REDIS_URL"))
            #expect(try await demo.otp("issue", "+65 9123 4567").status == 78)
            #expect(try await demo.otp("inbox", "list").status == 0)
        }
        #expect(end.status == 0 && end.output.contains("can neither issue nor verify"), "\(end)")
    }

    @Test func demoFallsBackToMemoryWithoutRedis() async throws {
        let end = try await Demo.run([], environment: ["PATH": "/nowhere"]) { _ in }
        #expect(end.status == 0 && end.output.contains("redis-server is not installed"), "\(end)")
        let asked = try await Program.run(["demo", "--once", "--store", "redis"], environment: ["PATH": "/nowhere"])
        #expect(asked.status == 69 && asked.errors.contains("redis-server"), "\(asked)")
    }

    @Test(arguments: ["/nonexistent", "/dev/null", "/proc", "/sys"])
    func unwritableFolderIsNamed(folder: String) async throws {
        let run = try await Program.run(["demo", "--once", "--json"], environment: ["TMPDIR": folder])
        #expect(run.status == 69, "\(run)")
        let error = try run.error
        #expect(error.code == "noRedis")
        #expect(error.message.contains("\(folder)/private-redis-"), "\(run)")
        #expect(error.message.contains("--store memory"))
        #expect(!error.message.contains("did not answer"), "\(run)")
    }

    @Test(arguments: ["plain", "with space", "per%20cent", "what?", "h#sh", "Zürich"])
    func temporaryFolderOfTheEnvironmentIsUsed(name: String) async throws {
        try await withFolder { parent in
            let folder = "\(parent)/\(name)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            let run = try await Program.run(["demo", "--once"], environment: ["TMPDIR": folder])
            #expect(run.status == 0 && run.output.contains("unix://\(parent)/"), "\(run)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    @Test func tooLongSocketPathIsRefused() async throws {
        try await withFolder { parent in
            for length in [90, 200] {
                let folder = parent + "/" + String(repeating: "d", count: length)
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
                let run = try await Program.run(["demo", "--once"], environment: ["TMPDIR": folder])
                #expect(run.status == 69 && run.errors.contains("set TMPDIR to a shorter folder"), "\(run)")
            }
        }
    }

    @Test(arguments: [
        ("echo it is broken >&2; exit 3", "it is broken"), ("exit 0", "ended without a message"),
        ("echo out; kill -9 $$", "out"), ("exec /nonexistent", "not found"),
    ])
    func outputOfAFailedServerIsShown(script: String, words: String) async throws {
        try await withFolder { folder in
            let isCreated = FileManager.default.createFile(
                atPath: folder + "/redis-server",
                contents: Data("#!/bin/sh\n\(script)\n".utf8),
                attributes: [.posixPermissions: 0o755]
            )
            try #require(isCreated)
            let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
            let run = try await Program.run(["demo", "--once"], environment: ["PATH": "\(folder):\(path)"])
            #expect(run.status == 69 && run.errors.contains(words), "\(run)")
            #expect(!run.errors.contains("did not answer"), "\(run)")
        }
    }

    @Test(arguments: [[], ["--store", "memory"]])
    func onceRunsTheWholeFlow(arguments: [String]) async throws {
        let mark = "OTP_TEST_MARK=\(UUID().uuidString)"
        let run = try await Program.run(
            ["demo", "--once"] + arguments,
            environment: ["OTP_TEST_MARK": String(mark.dropFirst("OTP_TEST_MARK=".count))]
        )
        #expect(run.status == 0, "\(run)")
        for word in [
            "issue", "signature", "verification code", "1 segment", "gsm7", "attempts left", "verified", "once",
        ] {
            #expect(run.output.contains(word), "\(word): \(run)")
        }
        #expect(run.errors.isEmpty)
        #expect(processes(with: mark).isEmpty)
        let json = try await Program.run(["demo", "--once", "--json"] + arguments)
        #expect(json.status == 0 && json.output.contains("\"passed\":true") && json.lines.count == 1, "\(json)")
    }

    @Test func unwritableEnvironmentFileStopsTheDemo() async throws {
        try await withFolder { folder in
            let own = folder + "/own.env"
            try "export MINE=1\n".write(toFile: own, atomically: true, encoding: .utf8)
            let path = try Demo.pathWithRedis(in: folder, after: "echo $$ >>'\(folder)/pids'\n")
            for file in [folder + "/missing/demo.env", own, folder] {
                let mark = UUID().uuidString
                let run = try await Program.run(
                    ["demo", "--env-file", file],
                    environment: ["OTP_TEST_MARK": mark, "PATH": path]
                )
                #expect(run.status == 1 && run.errors.contains(file), "\(run)")
                #expect(run.output.isEmpty)
                #expect(processes(with: "OTP_TEST_MARK=\(mark)").isEmpty)
            }
            #expect(try String(contentsOfFile: own, encoding: .utf8) == "export MINE=1\n")
            #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder)) == ["own.env", "bin", "pids"])
            let started = try String(contentsOfFile: folder + "/pids", encoding: .utf8).split(separator: "\n")
            #expect(started.count == 3)
            #expect(started.compactMap { Int32($0) }.filter(Program.isRunning).isEmpty)
        }
    }

    @Test func environmentFileOfAKilledDemoIsReplaced() async throws {
        try await withFolder { folder in
            let file = folder + "/demo.env"
            try "# Written by otp demo, process 1\nexport OLD=1\n"
                .write(toFile: file, atomically: true, encoding: .utf8)
            let result = try await Subprocess.run(
                .path(FilePath(Program.path)),
                arguments: ["demo", "--store", "memory", "--env-file", file],
                input: .none,
                output: .discarded,
                error: .string(limit: 1 << 16)
            ) { execution in
                try await poll("the new file") {
                    try !String(contentsOfFile: file, encoding: .utf8).contains("OLD")
                }
                // The demo must not remove a file that has replaced its own file.
                try "export MINE=1\n".write(toFile: file, atomically: true, encoding: .utf8)
                try execution.send(signal: .terminate)
            }
            #expect(Program.status(result.terminationStatus) == 0, "\(result.standardError)")
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "export MINE=1\n")
        }
    }

    @Test func usedPortIsNamed() async throws {
        try await Demo.run(["--store", "memory"]) { demo in
            let url = try #require(demo.environment["OTP_INBOX_URL"])
            let port = try #require(url.split(separator: ":").last.map(String.init))
            for command in [["demo", "--store", "memory"], ["emulator", "--access-key", "id:secret"]] {
                let run = try await Program.run(command + ["--port", port])
                #expect(run.status == 1 && run.errors.contains("127.0.0.1:\(port)"), "\(run)")
            }
        }
    }

    @Test func emulatorRunsAlone() async throws {
        try await Program.withEmulator(["--access-key", "testid:testsecret"]) { url in
            let list = try await Program.run(["inbox", "list", "--json", "--inbox-url", url])
            #expect(list.status == 0 && list.output == "[]\n", "\(list)")
        }
    }

    @Test func emulatorFollowsItsOptions() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("otp-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("faults.json")
        let rule = #"{"rules":[{"match":{"to":"+852*"},"fault":{"kind":"reject","code":"SYSTEM_ERROR"}}]}"#
        try rule.write(to: file, atomically: true, encoding: .utf8)
        let options = [
            "--accept-any", "--balance", "0.05", "--sender-id", "Shop", "--faults", file.path, "--qps",
            "QueryMessage=0",
        ]
        let result = try await Subprocess.run(
            .path(FilePath(Program.path)),
            arguments: Arguments(["emulator"] + options),
            input: .none,
            output: .sequence,
            error: .discarded
        ) { execution in
            var url = ""
            var warned = false
            for try await line in execution.standardOutput.strings() {
                if line.hasPrefix("SMS gateway") { url = line.split(separator: " ").map(String.init)[2] }
                warned = warned || line.contains("WARNING: REQUESTS ARE NOT AUTHENTICATED")
                if warned { break }
            }
            #expect(warned)
            for (query, code) in [
                ("Action=SendMessageToGlobe&To=85261234567&Message=Hi", "SYSTEM_ERROR"),
                ("Action=SendMessageToGlobe&To=6591234567&Message=Hi&From=Other", "INVALID_SENDERID"),
                ("Action=SendMessageToGlobe&To=6591234567&Message=Hi&From=Shop", "OK"),
                ("Action=SendMessageToGlobe&To=6591234567&Message=Hi", "AMOUNT_NOT_ENOUGH"),
                ("Action=QueryMessage&MessageId=1", "Throttling.User"),
            ] {
                var request = URLRequest(url: try #require(URL(string: "\(url)/?\(query)")))
                request.httpMethod = "POST"
                let (body, _) = try await URLSession.shared.data(for: request)
                #expect(String(decoding: body, as: UTF8.self).contains("\"\(code)\""))
            }
            try execution.send(signal: .interrupt)
        }
        #expect(Program.status(result.terminationStatus) == 0)
    }

    @Test func helpHasExamplesAndEnvironment() async throws {
        let commands = [
            ["demo"], ["emulator"], ["issue"], ["verify"], ["resend"], ["cancel"], ["status"], ["unlock"], ["revoke"],
            ["doctor"], ["inspect"], ["keys"],
            ["inbox"], ["inbox", "list"], ["inbox", "wait"], ["inbox", "watch"], ["inbox", "show"],
            ["inbox", "clear"], ["inbox", "cursor"],
        ]
        for command in commands {
            let run = try await Program.run(command + ["--help"])
            #expect(run.status == 0 && run.output.contains("EXAMPLES") && run.output.contains("ENVIRONMENT"), "\(run)")
        }
        let all = try await Program.run(["--help"])
        for command in commands { #expect(all.output.contains(command[0])) }
        // A simulation does not read environment variables.
        #expect(all.output.contains("simulate"))
        for command in [["simulate"], ["simulate", "pump"]] {
            let run = try await Program.run(command + ["--help"])
            #expect(run.status == 0 && run.output.contains("EXAMPLES"), "\(run)")
        }
    }
}
