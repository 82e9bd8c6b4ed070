// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import PrivateRedis
import Subprocess
import Synchronization
import SystemPackage
import Testing

/// Tests that a lockdown is active in all processes as soon as the command returns.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct GuardLockdownTests {
    /// The numbers in the last line that a worker prints.
    private struct End: Sendable {
        var admitted: Int
        var lastAdmitted: UInt64
        var lastRefused: UInt64
    }

    /// The words that the workers have printed so far.
    private final class Words: Sendable {
        private let counts = Mutex<[String: Int]>([:])

        func add(_ word: String) { self.counts.withLock { $0[word, default: 0] += 1 } }

        func count(_ word: String) -> Int { self.counts.withLock { $0[word, default: 0] } }
    }

    private static let workers = 4

    @Test(arguments: [["lockdown", "on"], ["lockdown", "on", "--region", "SG", "--for", "2h"]])
    func noProcessUnderLoadSendsAfterTheCommandReturned(command: [String]) async throws {
        try await GuardRedis.with { environment in
            let words = Words()
            let mayEnd = Words()
            let ends = try await withThrowingTaskGroup(of: End.self) { group in
                for _ in 0..<Self.workers {
                    group.addTask { try await Self.work(environment, words, mayEnd) }
                }
                try await poll("all workers send") { words.count("ready") == Self.workers }
                let lockdown = try await Program.run(["guard"] + command, environment: environment)
                let returned = NIODeadline.now().uptimeNanoseconds
                #expect(lockdown.status == 0, "\(lockdown)")
                try await poll("all workers are refused") { words.count("refused") == Self.workers }
                mayEnd.add("end")
                var ends: [End] = []
                for try await end in group {
                    #expect(end.admitted >= 100)
                    #expect(end.lastAdmitted < returned, "a send was admitted that began after the command returned")
                    #expect(end.lastRefused > returned)
                    ends.append(end)
                }
                return ends
            }
            #expect(ends.count == Self.workers)
        }
    }

    /// Runs a worker until the test ends its standard input.
    private static func work(_ environment: [String: String], _ words: Words, _ mayEnd: Words) async throws -> End {
        let worker = URL(fileURLWithPath: Program.path).deletingLastPathComponent().path + "/GuardWorker"
        let result = try await Subprocess.run(
            .path(FilePath(worker)),
            environment: Program.environment(environment),
            input: .inputWriter,
            output: .sequence,
            error: .discarded
        ) { execution in
            var last = ""
            for try await line in execution.standardOutput.strings() {
                last = line.trimmingCharacters(in: .whitespacesAndNewlines)
                words.add(last)
                guard last == "refused" else { continue }
                try await poll("the test may end") { mayEnd.count("end") == 1 }
                try await execution.standardInputWriter.finish()
            }
            return last
        }
        let numbers = result.closureResult.split(separator: " ").compactMap { UInt64($0) }
        try #require(numbers.count == 3, "the worker ended with \(result.closureResult)")
        return End(admitted: Int(numbers[0]), lastAdmitted: numbers[1], lastRefused: numbers[2])
    }
}
