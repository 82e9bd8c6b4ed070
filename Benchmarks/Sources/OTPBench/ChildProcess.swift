// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A command of this program in a separate process, so that its CPU time is counted separately.
///
/// The process writes one line when it is ready. It ends when its standard input is closed.
struct ChildProcess {
    /// The first line of the output.
    let firstLine: String

    private let id: Int32

    /// Starts a process, and runs a closure with it.
    ///
    /// - Parameters:
    ///   - arguments: The arguments of this program.
    ///   - core: The index of the core for the process; `nil` for all cores.
    ///   - body: The closure, which is called when the process is ready.
    /// - Returns: The result of the closure.
    /// - Throws: The error of the closure, or an error if the process does not start.
    static func run<Result>(
        _ arguments: [String],
        core: Int? = nil,
        _ body: (Self) async throws -> Result
    ) async throws -> Result {
        let program = CommandLine.arguments[0]
        let pinning = core.map { ["taskset", "--cpu-list", String($0)] } ?? []
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = pinning + [program] + arguments
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        defer {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw BenchError("\(arguments[0]) did not start") }
            line += data
        }
        let text = String(decoding: line.dropLast(), as: UTF8.self)
        return try await body(Self(firstLine: text, id: process.processIdentifier))
    }

    /// Waits until the standard input is closed.
    static func waitForEndOfInput() async {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                while readLine() != nil {}
                continuation.resume()
            }
        }
    }

    /// The CPU time of the process since its start, in seconds.
    var processorTime: Double {
        get throws {
            let text = try String(contentsOfFile: "/proc/\(self.id)/stat", encoding: .utf8)
            // The name of the program is in parentheses, and may contain spaces. User and system time are fields 14 and 15.
            let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
            guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
                throw BenchError("the CPU time of a process cannot be read")
            }
            return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
        }
    }
}
