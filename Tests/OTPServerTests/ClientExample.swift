// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subprocess
import SystemPackage
import Testing

/// An example of `Docs/Clients.md`.
struct ClientExample: Sendable, CustomTestStringConvertible {
    static let all = [
        Self(section: "curl", file: "otp.sh", program: "sh"),
        Self(section: "Python", file: "otp.py", program: "python3"),
        Self(section: "JavaScript", file: "otp.mjs", program: "node"),
    ]

    /// The result of one run.
    struct Run: Sendable {
        var succeeded: Bool
        var output: String
        var errors: String

        /// Standard output and standard error.
        var text: String { self.output + self.errors }
    }

    /// The heading of the section with the example.
    let section: String
    /// The name of the file in which the page stores the example.
    let file: String
    /// The program that runs the file.
    let program: String

    var testDescription: String { self.section }

    /// The code block of the section.
    var code: String {
        get throws {
            let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appending(path: "../../Docs/Clients.md").standardizedFileURL
            let text = try String(contentsOf: page, encoding: .utf8)
            let section = try #require(text.components(separatedBy: "\n## \(self.section)\n").dropFirst().first)
            #expect(section.contains("`\(self.file)`") && section.contains("`\(self.program) \(self.file) "))
            let block = section.components(separatedBy: "\n## ")[0].components(separatedBy: "```")[1]
            return String(block.drop { $0 != "\n" }.dropFirst())
        }
    }

    /// Runs the example as a child process, and enters a code.
    ///
    /// - Parameters:
    ///   - url: The address of the service.
    ///   - key: The API key.
    ///   - code: Waits until the service has sent a code, and returns the text to enter.
    /// - Returns: The result of the run.
    /// - Throws: An error if the program cannot be started.
    func run(url: String, key: String, typing code: @Sendable () async -> String?) async throws -> Run {
        let folder = FileManager.default.temporaryDirectory.appending(path: "otp-client-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: self.file)
        try self.code.write(to: file, atomically: false, encoding: .utf8)
        let result = try await Subprocess.run(
            .name(self.program),
            arguments: [file.path, "+65 9123 4567"],
            environment: .custom(Self.environment(url, key)),
            input: .inputWriter,
            output: .string(limit: 1 << 16),
            error: .string(limit: 1 << 16)
        ) { execution in
            // A program that has already failed does not read the code, and the write then fails.
            if let code = await code() { _ = try? await execution.standardInputWriter.write(code + "\n") }
            try? await execution.standardInputWriter.finish()
        }
        return Run(
            succeeded: result.terminationStatus.isSuccess,
            output: result.standardOutput,
            errors: result.standardError
        )
    }

    /// Returns an environment without variables that change the behavior of a client, such as those of a proxy.
    private static func environment(_ url: String, _ key: String) -> [Subprocess.Environment.Key: String] {
        let own = ProcessInfo.processInfo.environment
        return [
            "PATH": own["PATH"] ?? "/usr/bin:/bin", "HOME": own["HOME"] ?? "/", "OTP_SERVICE_URL": url,
            "OTP_API_KEY": key,
        ]
    }
}
