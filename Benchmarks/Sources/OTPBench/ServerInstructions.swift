// SPDX-License-Identifier: Apache-2.0

import OTP

/// The number of instructions that the server executes for one verification, one issue and one empty script.
///
/// The commands of the library are recorded once, and then sent in batches of 16 to two servers under valgrind. The servers
/// have the same records, but receive different numbers of commands. The difference of the two counts is the cost of the
/// commands.
struct ServerInstructions {
    /// An empty script with one short argument.
    var empty: Double
    /// An empty script with the key and the arguments of a verification or an issue.
    var emptyVerify: Double
    var emptyIssue: Double
    var issue: Double
    var verify: Double
    var laterVerify: Double
    /// A verification with the right code in the first attempt.
    var rightVerify: Double

    /// The average of all wrong attempts for a code.
    var meanVerify: Double {
        (self.verify + Double(Self.laterGuesses) * self.laterVerify) / Double(1 + Self.laterGuesses)
    }

    /// The number of commands in the script, keyed by name.
    var verifyCalls: [String: Double]
    var issueCalls: [String: Double]
    var verifyRequestBytes: Double
    var issueRequestBytes: Double

    private static let depth = 16
    /// The number of attempts after the first attempt.
    private static let laterGuesses = 4

    /// Measures the instructions.
    ///
    /// - Parameters:
    ///   - count: The number of phone numbers.
    ///   - callgrind: The instruction counter.
    /// - Returns: The figures.
    /// - Throws: An error if a server did not do the same work as during the recording.
    static func measure(numbers count: Int, _ callgrind: Callgrind) async throws -> Self {
        let recording = try await RedisServer.run { try await Recording.make(numbers: count, port: $0.port) }
        let key = Array("o:{000000000000:login}:c".utf8)
        let emptyCalls = (0..<4 * count)
            .map { _ in
                RawConnection.encode([
                    Array("EVALSHA".utf8), recording.emptyDigest, Array("1".utf8), key,
                    [UInt8](repeating: 120, count: 32),
                ])
            }
        func run(_ name: String, _ commands: [[UInt8]]) async throws -> (instructions: Double, calls: [String: Int]) {
            // The profile is complete only after the server has ended.
            let calls = try await RedisServer.run(tool: callgrind.tool("server-\(name)")) { server in
                let connection = try RawConnection(port: server.port)
                // Reading the records completes the growth of the hash table that the writes have started.
                try connection.pipeline(recording.preparation + recording.reads + recording.reads, depth: Self.depth)
                try connection.call("CONFIG", "RESETSTAT")
                try connection.pipeline(commands, depth: Self.depth)
                return try connection.calls()
            }
            return (Double(try callgrind.instructions("server-\(name)")), calls)
        }
        // The first word is the command, and the second is the digest.
        func emptied(_ commands: [[UInt8]]) -> [[UInt8]] {
            commands.map { command in
                var emptied = command
                if let digest = command.firstRange(of: Array("$40\r\n".utf8)) {
                    emptied.replaceSubrange(digest.upperBound..<digest.upperBound + 40, with: recording.emptyDigest)
                }
                return emptied
            }
        }
        let base = try await run("base", [])
        let empty = try await run("empty", emptyCalls)
        let emptyVerify = try await run("empty-verify", emptied(recording.verifies[0]))
        let emptyIssue = try await run("empty-issue", emptied(recording.issues))
        let issue = try await run("issue", recording.issues)
        let verify = try await run("verify", recording.verifies[0])
        let later = try await run("verify-later", Array(recording.verifies.joined()))
        let right = try await run("verify-right", recording.rightVerifies)
        for (name, measured, recorded) in [
            ("issue", issue.calls, recording.issueCalls), ("verify", verify.calls, recording.verifyCalls),
        ] {
            for (command, calls) in recorded where measured[command] != calls {
                throw BenchError("\(name): \(command) was called \(measured[command] ?? 0) times instead of \(calls)")
            }
        }
        func perCall(_ calls: [String: Int]) -> [String: Double] {
            calls.mapValues { Double($0) / Double(count) }
        }
        let perEmpty = (empty.instructions - base.instructions) / Double(emptyCalls.count)
        let perVerify = (verify.instructions - base.instructions) / Double(count)
        let perLater = (later.instructions - verify.instructions) / Double(count * Self.laterGuesses)
        let perIssue = (issue.instructions - base.instructions) / Double(count)
        return Self(
            empty: perEmpty,
            emptyVerify: (emptyVerify.instructions - base.instructions) / Double(count),
            emptyIssue: (emptyIssue.instructions - base.instructions) / Double(count),
            issue: perIssue,
            verify: perVerify,
            laterVerify: perLater,
            rightVerify: (right.instructions - base.instructions) / Double(count),
            verifyCalls: perCall(recording.verifyCalls),
            issueCalls: perCall(recording.issueCalls),
            verifyRequestBytes: Double(recording.verifies[0].reduce(0) { $0 + $1.count }) / Double(count),
            issueRequestBytes: Double(recording.issues.reduce(0) { $0 + $1.count }) / Double(count)
        )
    }

    /// The figures as lines of text.
    var lines: [String] {
        func row(_ name: String, _ instructions: Double, _ alike: Double?, _ details: String) -> String {
            func ratio(_ other: Double?) -> String {
                pad(other.map { format(instructions / $0, 2) } ?? "", 9, right: true)
            }
            return pad(name, 32) + pad(format(instructions, 0), 10, right: true) + ratio(alike.map { _ in self.empty })
                + ratio(alike) + "   " + details
        }
        func details(_ calls: [String: Double], _ bytes: Double) -> String {
            let text = calls.filter { $0.key != "evalsha" }.sorted { $0.key < $1.key }
                .map { "\($0.key) \(format($0.value, 2))" }.joined(separator: ", ")
            return "calls per script: \(text); request \(format(bytes, 0)) bytes"
        }
        return [
            pad("server instructions", 32) + pad("per call", 10, right: true) + pad("/ empty", 9, right: true)
                + pad("/ alike", 9, right: true),
            row("script 'return 1'", self.empty, nil, ""),
            row("the same, called as verify is", self.emptyVerify, nil, ""),
            row("the same, called as issue is", self.emptyIssue, nil, ""),
            row(
                "verify, first wrong attempt",
                self.verify,
                self.emptyVerify,
                details(self.verifyCalls, self.verifyRequestBytes)
            ),
            row("verify, wrong guesses 2 to 5", self.laterVerify, self.emptyVerify, ""),
            row("verify, mean of those 5", self.meanVerify, self.emptyVerify, ""),
            row("verify, right attempt at once", self.rightVerify, self.emptyVerify, ""),
            row(
                "issue, fresh number",
                self.issue,
                self.emptyIssue,
                details(self.issueCalls, self.issueRequestBytes)
            ),
        ]
    }

    /// Recorded commands of the library, with the records before the commands.
    private struct Recording: Sendable {
        var preparation: [[UInt8]]
        var reads: [[UInt8]]
        var emptyDigest: [UInt8]
        var issues: [[UInt8]]
        /// The commands of the first attempts for all phone numbers, then those of the second attempts, and so on.
        var verifies: [[[UInt8]]]
        var rightVerifies: [[UInt8]]
        var issueCalls: [String: Int]
        var verifyCalls: [String: Int]

        static func make(numbers count: Int, port: Int) async throws -> Self {
            let url = "redis://127.0.0.1:\(port)"
            let keys = try KeyRing(text: KeyRing.makeText())
            let connection = try RawConnection(port: port)
            // There are a few more numbers than needed, because some may be dropped.
            var population: Population?
            let texts = try await CommandRecording.commands(port: port) {
                population = try await Population.make(count + 8, url: url, keys: keys, port: port)
                guard let target = population?.targets.last else { return }
                let workload = try Workload(url: url, keys: keys)
                _ = await workload.attempt(target)
                try await workload.shutdown()
            }
            guard let population, population.targets.count > count else { throw BenchError("there are no targets") }
            let workload = try Workload(url: url, keys: keys)
            // The first call of a store also reads and writes the clock record.
            guard await workload.attempt(population.targets[count]) else { throw BenchError("the first call failed") }

            func record(
                _ operation: @escaping @Sendable (Int) async -> Bool
            ) async throws -> (commands: [[UInt8]], calls: [String: Int]) {
                try connection.call("CONFIG", "RESETSTAT")
                var failures = 0
                let commands = try await CommandRecording.commands(port: port) {
                    failures = await Load.run(count, tasks: 16, operation).failures
                }
                guard failures == 0 else { throw BenchError("\(failures) of \(count) calls failed while recording") }
                var calls = try connection.calls()
                for own in ["config|resetstat", "monitor", "echo", "info"] { calls[own] = nil }
                return (commands.map(RawConnection.encode), calls)
            }

            var verifies: [[[UInt8]]] = []
            var verifyCalls: [String: Int] = [:]
            for attempt in 0...ServerInstructions.laterGuesses {
                let recorded = try await record { await workload.attempt(population.targets[$0]) }
                verifies.append(recorded.commands)
                if attempt == 0 { verifyCalls = recorded.calls }
            }
            try connection.pipeline(population.records.map(\.restoring), depth: 256)
            let rights = try await record { await workload.confirm(population.targets[$0]) }
            let issues = try await record { await workload.issue(Workload.number(1_000_000 + $0)) }
            try await workload.shutdown()

            guard case .bulk(let emptyDigest) = try connection.call("SCRIPT", "LOAD", "return 1") else {
                throw BenchError("SCRIPT LOAD did not answer a digest")
            }
            let scripts = Set(texts.filter { $0.first == Array("EVAL".utf8) }.map { $0[1] })
                .sorted { $0.count < $1.count }
            let loads = (scripts + [Array("return 1".utf8)])
                .map { script in
                    RawConnection.encode([Array("SCRIPT".utf8), Array("LOAD".utf8), script])
                }
            return Self(
                preparation: loads + population.records.map(\.restoring),
                reads: population.records.map { RawConnection.encode([Array("GET".utf8), $0.key]) },
                emptyDigest: emptyDigest,
                issues: issues.commands,
                verifies: verifies,
                rightVerifies: rights.commands,
                issueCalls: issues.calls,
                verifyCalls: verifyCalls
            )
        }
    }
}
