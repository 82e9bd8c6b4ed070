// SPDX-License-Identifier: Apache-2.0

import Foundation
import MovableClock
import Subprocess
import SystemPackage
import Testing

/// A demo that runs in a child process.
struct Demo {
    /// The variables that the demo's environment file exports.
    let environment: [String: String]

    /// The path of the environment file.
    let file: String

    /// A value in the environment of all processes of the demo.
    let mark: String

    /// The processes and files that remain after the end of a demo.
    struct End {
        var status: Int32
        var output: String
        var errors: String
        var processes: Set<Int32>
        var fileExists: Bool
    }

    /// Runs a command with the demo's environment.
    func otp(_ arguments: String..., changing: [String: String?] = [:], input: String = "") async throws -> Program.Run
    {
        var environment = self.environment
        for (name, value) in changing { environment[name] = value }
        return try await Program.run(arguments, environment: environment, input: input)
    }

    /// Issues a code.
    func issue(_ number: String, _ arguments: [String] = []) async throws -> ChallengeDocument {
        let run = try await Program.run(["issue", number, "--json"] + arguments, environment: self.environment)
        try #require(run.status == 0, "\(run)")
        return try run.json(ChallengeDocument.self)
    }

    /// Returns the code of the newest message to a number.
    func code(_ number: String) async throws -> String {
        let run = try await self.otp("inbox", "wait", number, "--code")
        try #require(run.status == 0, "\(run)")
        return try #require(run.lines.first)
    }

    /// Returns a code that differs from another code.
    static func wrong(_ code: String) -> String { code == "000000" ? "111111" : "000000" }

    /// Runs a closure with a demo, ends the demo with SIGTERM, and returns its remaining processes and files.
    @discardableResult
    static func run(
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        _ work: (Demo) async throws -> Void
    ) async throws -> End {
        try await withFolder { folder in
            let file = folder + "/demo's.env"
            let mark = "OTP_TEST_MARK=\(UUID().uuidString)"
            let parts = mark.split(separator: "=").map(String.init)
            var options = PlatformOptions()
            options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(10))]
            try #require(
                FileManager.default.isExecutableFile(atPath: Program.path),
                "there is no program at \(Program.path)"
            )
            let result = try await Subprocess.run(
                .path(FilePath(Program.path)),
                arguments: Arguments(["demo", "--env-file", file] + arguments),
                environment: Program.environment(environment.merging([parts[0]: parts[1]]) { _, new in new }),
                platformOptions: options,
                input: .none,
                output: .string(limit: 1 << 20),
                error: .string(limit: 1 << 20)
            ) { execution in
                try await poll("the demo's environment file") { FileManager.default.fileExists(atPath: file) }
                let demo = Demo(environment: try await Self.exports(of: file), file: file, mark: mark)
                try await work(demo)
                try execution.send(signal: .terminate)
            }
            return End(
                status: Program.status(result.terminationStatus),
                output: result.standardOutput,
                errors: result.standardError,
                processes: processes(with: mark),
                fileExists: FileManager.default.fileExists(atPath: file)
            )
        }
    }

    /// Runs a closure with a demo whose Redis server has a manual clock.
    static func run(_ work: (Demo, MovableClock) async throws -> Void) async throws {
        let clock = try await MovableClock()
        try clock.freeze()
        try await withFolder { folder in
            let variables = clock.environment.map { "export \($0)='\($1)'\n" }.joined()
            let path = try self.pathWithRedis(in: folder, after: variables)
            try await self.run(environment: ["PATH": path]) { try await work($0, clock) }
        }
    }

    /// Writes a script that runs commands and then starts the server, without an effect on the demo.
    ///
    /// - Parameters:
    ///   - folder: The folder for the script.
    ///   - commands: The lines before the last line of the script.
    /// - Returns: A search path on which the script has the name `redis-server`.
    /// - Throws: An error if there is no `redis-server`, or if the script cannot be written.
    static func pathWithRedis(in folder: String, after commands: String) throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let candidates = path.split(separator: ":").map { "\($0)/redis-server" }
        let server = try #require(candidates.first(where: FileManager.default.isExecutableFile))
        try FileManager.default.createDirectory(atPath: folder + "/bin", withIntermediateDirectories: false)
        let isCreated = FileManager.default.createFile(
            atPath: folder + "/bin/redis-server",
            contents: Data("#!/bin/sh\n\(commands)exec '\(server)' \"$@\"\n".utf8),
            attributes: [.posixPermissions: 0o755]
        )
        try #require(isCreated)
        return "\(folder)/bin:\(path)"
    }

    /// Returns the variables that a shell reads from an environment file.
    private static func exports(of file: String) async throws -> [String: String] {
        let result = try await Subprocess.run(
            .path("/usr/bin/env"),
            arguments: ["-i", "/bin/sh", "-c", ". \"$1\" && exec /usr/bin/env", "sh", file],
            output: .string(limit: 1 << 16),
            error: .string(limit: 1 << 16)
        )
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        let pairs = result.standardOutput.split(separator: "\n").map { $0.split(separator: "=", maxSplits: 1) }
        return Dictionary(
            pairs.filter { $0.count == 2 && !["PWD", "_", "SHLVL"].contains($0[0]) }
                .map { (String($0[0]), String($0[1])) }
        ) { _, last in last }
    }
}

struct ChallengeDocument: Decodable {
    struct Delivery: Decodable {
        var status: String
        var messageID: String?
        var requestID: String?
    }

    var token: String?
    var to: String
    var expiresAt: Date
    var resendAt: Date
    var attemptsRemaining: Int
    var delivery: Delivery
}

struct ProofDocument: Decodable {
    var verified: Bool
    var audience: String
    var proof: String
    var expiresAt: Date
}
