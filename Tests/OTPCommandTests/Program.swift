// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subprocess
import SystemPackage
import Testing

/// The built program `otp` in a child process.
enum Program {
    /// The output and the exit status of one run.
    struct Run: CustomStringConvertible {
        var status: Int32
        var output: String
        var errors: String

        var description: String { "exit \(self.status)\nstdout: \(self.output)\nstderr: \(self.errors)" }

        var lines: [String] { self.output.split(separator: "\n").map(String.init) }

        /// The JSON document on standard output.
        func json<Document: Decodable>(_: Document.Type) throws -> Document {
            let decoder = JSONDecoder()
            decoder.dateDecodingStrategy = .custom { decoder in
                let text = try decoder.singleValueContainer().decode(String.self)
                return try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            }
            return try decoder.decode(Document.self, from: Data(self.output.utf8))
        }

        var error: ErrorDocument.Content {
            get throws { try self.json(ErrorDocument.self).error }
        }
    }

    struct ErrorDocument: Decodable {
        struct Content: Decodable {
            struct Gateway: Decodable {
                var code: String
                var kind: String
                var requestID: String?
            }

            var code: String
            var message: String
            var retryAfter: Int?
            var attemptsRemaining: Int?
            var limit: String?
            var gateway: Gateway?
        }

        var error: Content
    }

    /// The path of the program `otp`.
    static let path = Self.path(of: "otp")

    /// Returns the path of a program that was built together with the tests.
    static func path(of name: String) -> String {
        let test = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: test).deletingLastPathComponent().path + "/" + name
    }

    /// Runs a command with a minimal environment.
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        input: String = "",
        path: String = Self.path
    ) async throws -> Run {
        try #require(FileManager.default.isExecutableFile(atPath: path), "there is no program at \(path)")
        let result = try await Subprocess.run(
            .path(FilePath(path)),
            arguments: Arguments(arguments),
            environment: Self.environment(environment),
            input: .string(input),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        return Run(
            status: Self.status(result.terminationStatus),
            output: result.standardOutput,
            errors: result.standardError
        )
    }

    /// Runs a server in the background, passes the first line of its output to a closure, and then ends the server with a
    /// signal.
    ///
    /// - Parameters:
    ///   - arguments: The arguments of the program.
    ///   - environment: The variables of the server.
    ///   - end: The signal.
    ///   - work: The closure. It also receives a closure that sends a signal.
    /// - Returns: The exit status of the server.
    /// - Throws: The error of the closure, or an error if the server does not start.
    static func serve(
        _ arguments: [String],
        environment: [String: String] = [:],
        endingWith end: Signal,
        _ work: (_ line: String, _ signal: @escaping (Signal) throws -> Void) async throws -> Void
    ) async throws -> Int32 {
        let result = try await Subprocess.run(
            .path(FilePath(Self.path)),
            arguments: Arguments(arguments),
            environment: Self.environment(environment),
            input: .none,
            output: .sequence,
            error: .discarded
        ) { execution in
            var first = ""
            for try await line in execution.standardOutput.strings() {
                first = line
                break
            }
            try await work(first) { try execution.send(signal: $0) }
            try execution.send(signal: end)
        }
        return Self.status(result.terminationStatus)
    }

    /// Runs `otp emulator --json`, passes the URL of the emulator to a closure, and ends the emulator with SIGINT.
    static func withEmulator(
        _ arguments: [String],
        environment: [String: String] = [:],
        _ work: (_ url: String) async throws -> Void
    ) async throws {
        let command = ["emulator", "--json"] + arguments
        let status = try await Self.serve(command, environment: environment, endingWith: .interrupt) { line, _ in
            try await work(try #require(line.split(separator: "\"").first { $0.hasPrefix("http") }.map(String.init)))
        }
        #expect(status == 0)
    }

    static func environment(_ variables: [String: String]) -> Subprocess.Environment {
        let own = ProcessInfo.processInfo.environment
        var all: [Subprocess.Environment.Key: String] = ["PATH": own["PATH"] ?? "/usr/bin:/bin"]
        // With a sanitizer, the program needs the libraries that are preloaded for the tests.
        all["LD_PRELOAD"] = own["LD_PRELOAD"]
        all["TSAN_OPTIONS"] = own["TSAN_OPTIONS"]
        for (name, value) in variables {
            all[Subprocess.Environment.Key(stringLiteral: name)] = value
        }
        return .custom(all)
    }

    static func isRunning(_ process: Int32) -> Bool {
        process > 0 && FileManager.default.fileExists(atPath: "/proc/\(process)")
    }

    static func status(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): code
        default: -1
        }
    }
}

/// Polls a condition until it is met or a timeout elapses.
func poll(_ what: String, until condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while !(try await condition()) {
        try #require(ContinuousClock.now < deadline, "\(what) did not happen")
        try await Task.sleep(for: .milliseconds(20))
    }
}

/// Returns the IDs of the processes with a mark in their environment.
func processes(with mark: String) -> Set<Int32> {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    var found: Set<Int32> = []
    for entry in entries {
        guard let process = Int32(entry), let bytes = FileManager.default.contents(atPath: "/proc/\(process)/environ")
        else { continue }
        if bytes.range(of: Data(mark.utf8)) != nil { found.insert(process) }
    }
    return found
}

/// Runs a closure with a temporary folder.
func withFolder<Result>(_ work: (String) async throws -> Result) async throws -> Result {
    // Only letters, because the mask of logs hides longer words with digits.
    let name = String((0..<16).map { _ in Character(Unicode.Scalar(UInt8.random(in: 97...122))) })
    let folder = FileManager.default.temporaryDirectory.path + "/otp-test-\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await work(folder)
}
