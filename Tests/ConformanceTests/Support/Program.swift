// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subprocess
import SystemPackage

/// The built program `otp` in a child process.
enum Program {
    /// The output and the exit status of one run.
    struct Run: Sendable, CustomStringConvertible {
        var status: TerminationStatus
        var output: String
        var errors: String

        var isSuccess: Bool { self.status.isSuccess }

        var description: String { "\(self.status)\nstdout: \(self.output)\nstderr: \(self.errors)" }
    }

    /// Runs a command with a minimal environment.
    static func run(_ arguments: [String], environment: [String: String]) async throws -> Run {
        let test = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = URL(fileURLWithPath: test).deletingLastPathComponent().path + "/otp"
        let own = ProcessInfo.processInfo.environment
        var variables: [Subprocess.Environment.Key: String] = ["PATH": own["PATH"] ?? "/usr/bin:/bin"]
        // With a sanitizer, the program needs the libraries that are preloaded for the tests.
        variables["LD_PRELOAD"] = own["LD_PRELOAD"]
        variables["TSAN_OPTIONS"] = own["TSAN_OPTIONS"]
        for (name, value) in environment { variables[Subprocess.Environment.Key(stringLiteral: name)] = value }
        let result = try await Subprocess.run(
            .path(FilePath(path)),
            arguments: Arguments(arguments),
            environment: .custom(variables),
            input: .none,
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        return Run(status: result.terminationStatus, output: result.standardOutput, errors: result.standardError)
    }
}
