// SPDX-License-Identifier: Apache-2.0

import Foundation
import PrivateRedis
import Testing

/// Tests of the command `otp simulate`.
@Suite struct SimulateTests {
    private struct Document: Decodable {
        struct Row: Decodable {
            var callers: String
            var expected: Int
            var admitted: Int
        }

        var simulation: String
        var rows: [Row]
    }

    @Test func raceOnARedisAdmitsExactlyTheExpectedCalls() async throws {
        try await withPrivateRedis { redis in
            let run = try await Program.run(["simulate", "race", "--runs", "2", "--json", "--redis", redis.url])
            let document = try run.json(Document.self)
            #expect(document.simulation == "race" && document.rows.count == 4, "\(run)")
            for row in document.rows { #expect(row.admitted == row.expected, "\(row.callers)") }
        }
    }

    @Test func bombPrintsMarkdownAndCharts() async throws {
        try await withFolder { folder in
            let path = folder + "/bomb.svg"
            let run = try await Program.run(["simulate", "bomb", "--markdown", "--chart", "--svg", path])
            #expect(run.status == 0 && run.output.contains("| one number") && run.output.contains("█"), "\(run)")
            let svg = try String(contentsOfFile: path, encoding: .utf8)
            #expect(svg.hasPrefix("<svg ") && svg.contains("number limits"))
        }
    }

    @Test(arguments: [
        ["simulate"], ["simulate", "flood"], ["simulate", "pump", "--all"], ["simulate", "guess", "--runs", "0"],
        ["simulate", "pump", "--redis", "redis://127.0.0.1"], ["simulate", "race", "--redis", "http://127.0.0.1"],
    ])
    func wrongArgumentsAreUsageErrors(arguments: [String]) async throws {
        let run = try await Program.run(arguments)
        #expect(run.status == 64, "\(run)")
    }

    @Test func raceWithoutAServerIsUnreachable() async throws {
        let run = try await Program.run(["simulate", "race", "--redis", "unix:///nonexistent/redis.sock"])
        #expect(run.status == 69 && run.errors.contains("cannot be reached"), "\(run)")
    }
}
