// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OTP
import SMSKit

/// The part of the benchmark that runs under valgrind and repeats an operation.
///
/// All other work is independent of the number of repetitions.
struct WorkerCommand: AsyncParsableCommand {
    enum Operation: String, ExpressibleByArgument {
        case verify, issue
    }

    static let configuration = CommandConfiguration(commandName: "worker", shouldDisplay: false)

    @Argument var operation: Operation
    @Option var url: String
    @Option(help: "The keys and targets; without them, only 'issue' is possible.") var targets: String?
    @Flag(help: "Create the service with a guard.") var guarded = false
    @Option var tasks: Int
    @Option var operations: Int

    /// Writes the input file of a worker.
    static func write(keys: String, targets: [Target], to file: String) throws {
        let lines = [keys] + targets.map { "\($0.number.e164) \($0.token.text)" }
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: file))
    }

    func run() async throws {
        let text = try self.targets.map { try String(contentsOfFile: $0, encoding: .utf8) } ?? KeyRing.makeText()
        let lines = text.split(separator: "\n")
        let keys = try KeyRing(text: String(lines[0]))
        let targets = try lines.dropFirst()
            .map { line in
                let words = line.split(separator: " ")
                guard words.count == 2, let number = PhoneNumber(e164: String(words[0])) else {
                    throw BenchError("a line of the targets cannot be read")
                }
                return Target(number: number, token: try ChallengeToken(String(words[1])))
            }
        let fresh = (0..<max(targets.count, self.operations))
            .map { self.guarded ? GuardTraffic.number($0) : Workload.number(10_000_000 + $0) }
        let workload = try Workload(url: self.url, keys: keys, guardPolicy: self.guarded ? .bench : nil)
        let guarded = self.guarded
        let failures =
            switch self.operation {
            case .verify:
                await Load.failures(self.operations, tasks: self.tasks, executor: workload.executor) {
                    await workload.attempt(targets[$0])
                }
            case .issue:
                await Load.failures(self.operations, tasks: self.tasks, executor: workload.executor) {
                    await workload.issue(fresh[$0], from: guarded ? GuardTraffic.source($0) : nil)
                }
            }
        try await workload.shutdown()
        guard failures == 0 else { throw BenchError("\(failures) calls did not end as they should") }
    }
}
