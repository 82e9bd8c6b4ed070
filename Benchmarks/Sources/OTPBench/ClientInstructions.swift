import Foundation
import OTP
import Subprocess
import SystemPackage

/// What this library and all below it execute in user space for one verify and one issue, hashing included.
///
/// This program runs itself under valgrind, twice with different numbers of calls, beside a server that runs as usual. The difference has
/// no start in it.
struct ClientInstructions {
    private static let short = 2000
    private static let long = 8000

    var verify64: Double
    var verify1: Double
    var issue64: Double
    var issue1: Double

    static func measure(_ callgrind: Callgrind, progress: (String) -> Void) async throws -> Self {
        try await withTemporaryFolder { folder in
            let program = try await Self.program(folder: folder, keepsSymbols: callgrind.keeps)
            return try await RedisServer.run { server in
                let keys = KeyRing.makeText()
                let population = try await Population.make(
                    Self.long + 64,
                    url: server.url,
                    keys: try KeyRing(text: keys),
                    port: server.port
                )
                let connection = try RawConnection(port: server.port)
                let file = "\(folder)/targets"
                try WorkerCommand.write(keys: keys, targets: population.targets, to: file)

                func count(_ operation: String, _ tasks: Int, _ operations: Int) async throws -> Double {
                    progress("counting the client's instructions: \(operation), \(tasks) tasks, \(operations) calls")
                    try connection.call("FLUSHALL")
                    try connection.pipeline(population.records.map(\.restoring), depth: 256)
                    let name = "client-\(operation)-\(tasks)-\(operations)"
                    let command =
                        callgrind.tool(name)
                        + [program, "worker", operation, "--url", server.url, "--targets", file]
                        + ["--tasks", String(tasks), "--operations", String(operations)]
                    let record = try await Subprocess.run(
                        .name(command[0]),
                        arguments: Arguments(Array(command.dropFirst())),
                        output: .discarded,
                        error: .string(limit: 1 << 16)
                    )
                    guard record.terminationStatus.isSuccess else {
                        throw BenchError("the client failed under valgrind: \(record.standardError)")
                    }
                    return Double(try callgrind.instructions(name))
                }
                func perCall(_ operation: String, _ tasks: Int) async throws -> Double {
                    let short = try await count(operation, tasks, Self.short)
                    let long = try await count(operation, tasks, Self.long)
                    return (long - short) / Double(Self.long - Self.short)
                }
                return Self(
                    verify64: try await perCall("verify", 64),
                    verify1: try await perCall("verify", 1),
                    issue64: try await perCall("issue", 64),
                    issue1: try await perCall("issue", 1)
                )
            }
        }
    }

    /// A copy of this program, without what valgrind 3.19 cannot read.
    private static func program(folder: String, keepsSymbols: Bool) async throws -> String {
        let copy = "\(folder)/OTPBench"
        let original = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let record = try await Subprocess.run(
            .name("strip"),
            arguments: [keepsSymbols ? "--strip-debug" : "--strip-all", "-o", copy, original],
            output: .discarded,
            error: .discarded
        )
        guard record.terminationStatus.isSuccess else { throw BenchError("'strip' failed; it belongs to binutils") }
        return copy
    }
}

/// What was counted by valgrind.
struct InstructionReport: Figures {
    var machine: Machine
    var server: ServerInstructions
    var client: ClientInstructions?

    var figures: [String: Double] {
        var figures = [
            "serverEmptyInstructions": self.server.empty,
            "serverVerifyInstructions": self.server.verify,
            "serverLaterVerifyInstructions": self.server.laterVerify,
            "serverIssueInstructions": self.server.issue,
            "serverVerifyPerEmpty": self.server.verifyPerEmpty,
            "serverLaterVerifyPerEmpty": self.server.laterVerifyPerEmpty,
            "serverIssuePerEmpty": self.server.issuePerEmpty,
            "verifyRequestBytes": self.server.verifyRequestBytes,
            "issueRequestBytes": self.server.issueRequestBytes,
        ]
        if let client {
            figures["clientInstructionsPerVerify64"] = client.verify64
            figures["clientInstructionsPerVerify1"] = client.verify1
            figures["clientInstructionsPerIssue64"] = client.issue64
            figures["clientInstructionsPerIssue1"] = client.issue1
        }
        return figures
    }

    var table: String {
        var lines = [self.machine.line, ""] + self.server.lines
        if let client {
            func row(_ name: String, _ instructions: Double) -> String {
                pad(name, 30) + pad(format(instructions, 0), 10, right: true)
            }
            lines += [
                "",
                pad("client instructions", 30) + pad("per call", 10, right: true),
                row("verify, 64 tasks", client.verify64),
                row("verify, 1 task", client.verify1),
                row("issue, 64 tasks", client.issue64),
                row("issue, 1 task", client.issue1),
            ]
        }
        return lines.joined(separator: "\n")
    }
}
