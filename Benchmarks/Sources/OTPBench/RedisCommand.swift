// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Hiredis
import OTPRedis

/// Compares the library on Redis with `redis-benchmark`.
struct RedisCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redis",
        abstract: "Compare the library with redis-benchmark, on private servers on 127.0.0.1.",
        discussion: """
            Benchmarks/README.md explains the figures and their accuracy.

            EXAMPLES
              scripts/bench
              scripts/bench --goals
              scripts/bench --rounds 9 --json >figures.json
              scripts/bench --instructions --keep /tmp/profiles
              scripts/bench --server-instructions
              scripts/bench --client-instructions
            """
    )

    @Option(help: "The number of rounds of which medians are taken. The default is 5, or 9 with --goals.")
    var rounds: Int?

    @Flag(help: "Run 3 rounds with a fifth of the numbers, at 1 and 64 tasks. The figures are inaccurate.")
    var quick = false

    @Flag(help: "Measure at 64 tasks only, without TLS, and exit with 1 if a median misses its goal.")
    var goals = false

    @Flag(help: "Print one JSON object, and nothing else, on standard output.")
    var json = false

    @Flag(help: "Count instructions by valgrind instead, in the server and in the client.")
    var instructions = false

    @Flag(help: "Count only the instructions of the server, for example after a change of a script.")
    var serverInstructions = false

    @Flag(help: "Count the instructions of the client only.")
    var clientInstructions = false

    @Flag(inversion: .prefixedNo, help: "Compare with TLS, too.")
    var tls = true

    @Option(help: ArgumentHelp("Leave the profiles of callgrind in a folder.", valueName: "dir"))
    var keep: String?

    func validate() throws {
        guard self.rounds.map({ $0 > 0 }) != false else { throw ValidationError("There must be at least one round.") }
    }

    func run() async throws {
        let server = self.instructions || self.serverInstructions
        let client = self.instructions || self.clientInstructions
        let report: any Figures =
            server || client
            ? try await self.countInstructions(server: server, client: client) : try await self.measure()
        print(self.json ? try report.json : report.table)
        guard self.goals else { return }
        for goal in Goal.all { note(goal.line(report.figures)) }
        guard Goal.all.allSatisfy({ $0.isMet(by: report.figures) }) else { throw ExitCode.failure }
    }

    private func measure() async throws -> Report {
        let machine = await Machine.current()
        let rounds = self.rounds ?? (self.goals ? 9 : 5)
        let plan = Rounds.Plan(
            rounds: self.quick ? min(rounds, 3) : rounds,
            numbers: self.quick ? 20_000 : 100_000,
            depths: self.goals ? [64] : self.quick ? [1, 64] : [1, 16, 64, 256],
            usesPool: !self.goals
        )
        return try await withTemporaryFolder { folder in
            let certificate = self.tls && !self.goals ? try await self.certificate(folder: folder) : nil
            let secure = try certificate.map { ($0, try RedisServer.freePort()) }
            let arguments = secure.map { $0.arguments(port: $1) } ?? []
            return try await RedisServer.run(arguments: arguments) { server in
                let url = secure.map { $0.url(port: $1) }
                let rounds = try Rounds(plan, server: server, secureURL: url)
                try await rounds.run { note($0) }
                return Report(machine: machine, rounds: plan.rounds, depths: plan.depths, samples: rounds.samples)
            }
        }
    }

    private func certificate(folder: String) async throws -> Certificate? {
        guard let certificate = try await Certificate.make(folder: folder) else {
            note("TLS is left out: there is no openssl to make a certificate")
            return nil
        }
        do {
            _ = try RedisConfiguration(url: certificate.url(port: 6379))
            return certificate
        } catch {
            note("TLS is left out: \(error)")
            return nil
        }
    }

    private func countInstructions(server: Bool, client: Bool) async throws -> InstructionReport {
        let machine = await Machine.current()
        return try await Callgrind.run(keep: self.keep) { callgrind in
            var report = InstructionReport(machine: machine)
            if server {
                note("counting the server's instructions")
                report.server = try await ServerInstructions.measure(numbers: 1000, callgrind)
            }
            if client { report.client = try await ClientInstructions.measure(callgrind) { note($0) } }
            return report
        }
    }
}

/// Prints progress to standard error, because standard output contains the figures.
private func note(_ text: String) {
    FileHandle.standardError.write(Data("bench: \(text)\n".utf8))
}
