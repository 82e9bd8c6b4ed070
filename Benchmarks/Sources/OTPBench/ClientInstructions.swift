// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import Subprocess
import SystemPackage

/// The number of instructions that a client executes in user space for one verification and one issue.
///
/// This program runs itself twice under valgrind, with different numbers of calls, and subtracts the counts. The start of the
/// program therefore does not count. The server runs without valgrind.
struct ClientInstructions {
    private static let short = 2000
    private static let long = 8000

    /// The average number of instructions per call.
    struct Count {
        var instructions: Double

        /// The number of instructions in the compression function of SHA-256.
        ///
        /// valgrind 3.19 does not use the processor's SHA instructions for this function.
        var hashing: Double
    }

    var verify64: Count
    var verify1: Count
    var issue64: Count
    var issue1: Count

    static func measure(_ callgrind: Callgrind, progress: (String) -> Void) async throws -> Self {
        try await withTemporaryFolder { folder in
            let program = try await Self.program(folder: folder)
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

                func count(_ operation: String, _ tasks: Int, _ operations: Int) async throws -> Count {
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
                        // With random seeds, hash tables would need a different number of steps in each run.
                        environment: .inherit.updating(["SWIFT_DETERMINISTIC_HASHING": "1"]),
                        output: .discarded,
                        error: .string(limit: 1 << 16)
                    )
                    guard record.terminationStatus.isSuccess else {
                        throw BenchError("the client failed under valgrind: \(record.standardError)")
                    }
                    return Count(
                        instructions: Double(try callgrind.instructions(name)),
                        hashing: Double(try callgrind.instructions(name, within: "sha256_block"))
                    )
                }
                func perCall(_ operation: String, _ tasks: Int) async throws -> Count {
                    let short = try await count(operation, tasks, Self.short)
                    let long = try await count(operation, tasks, Self.long)
                    let calls = Double(Self.long - Self.short)
                    return Count(
                        instructions: (long.instructions - short.instructions) / calls,
                        hashing: (long.hashing - short.hashing) / calls
                    )
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

    /// Creates a copy of this program without debug information, which valgrind 3.19 cannot read.
    private static func program(folder: String) async throws -> String {
        let copy = "\(folder)/OTPBench"
        let original = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let record = try await Subprocess.run(
            .name("strip"),
            arguments: ["--strip-debug", "-o", copy, original],
            output: .discarded,
            error: .discarded
        )
        guard record.terminationStatus.isSuccess else { throw BenchError("'strip' failed; it belongs to binutils") }
        return copy
    }
}

/// The instruction counts of the server and the client.
struct InstructionReport: Figures {
    var machine: Machine
    var server: ServerInstructions?
    var client: ClientInstructions?

    var figures: [String: Double] {
        var figures: [String: Double] = [:]
        if let server {
            figures = [
                "serverEmptyInstructions": server.empty,
                "serverVerifyInstructions": server.verify,
                "serverLaterVerifyInstructions": server.laterVerify,
                "serverIssueInstructions": server.issue,
                "serverFirstVerifyPerEmpty": server.verify / server.empty,
                "serverRightVerifyPerEmpty": server.rightVerify / server.empty,
                "serverVerifyPerEmpty": server.meanVerify / server.empty,
                "serverIssuePerEmpty": server.issue / server.empty,
                "serverVerifyPerEmptyAlike": server.meanVerify / server.emptyVerify,
                "serverIssuePerEmptyAlike": server.issue / server.emptyIssue,
                "verifyRequestBytes": server.verifyRequestBytes,
                "issueRequestBytes": server.issueRequestBytes,
            ]
        }
        if let client {
            for (name, count) in [
                ("Verify64", client.verify64), ("Verify1", client.verify1), ("Issue64", client.issue64),
                ("Issue1", client.issue1),
            ] {
                figures["clientInstructionsPer\(name)"] = count.instructions
                figures["clientHashingInstructionsPer\(name)"] = count.hashing
            }
        }
        return figures
    }

    var table: String {
        var lines = [self.machine.line]
        if let server { lines += [""] + server.lines }
        if let client {
            func row(_ name: String, _ count: ClientInstructions.Count) -> String {
                pad(name, 30) + pad(format(count.instructions, 0), 10, right: true)
                    + pad(format(count.hashing, 0), 14, right: true)
            }
            lines += [
                "",
                pad("client instructions", 30) + pad("per call", 10, right: true)
                    + pad("of it SHA-256", 14, right: true),
                row("verify, 64 tasks", client.verify64),
                row("verify, 1 task", client.verify1),
                row("issue, 64 tasks", client.issue64),
                row("issue, 1 task", client.issue1),
            ]
        }
        return lines.joined(separator: "\n")
    }
}
