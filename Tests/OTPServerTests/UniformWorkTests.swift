// SPDX-License-Identifier: Apache-2.0

import Hiredis
import MovableClock
import NIOHTTP1
import OTP
import OTPRedis
import OTPServer
import OTPTesting
import PrivateRedis
import SMSKit
import StrictJSON
import Testing

/// Tests that wrong, expired, unknown and used codes cause equal work (REQ-57).
///
/// Otherwise, the response time would reveal the state of a code. `scripts/timing` measures the times, which a test cannot do
/// reliably.
@Suite(.timeLimit(.minutes(2))) struct UniformWorkTests {
    /// A client with all rights, which reads the log of commands.
    private struct CommandLog {
        let client: RedisClient

        /// Returns the scripts that Redis runs during a closure, as digests with the number of arguments.
        ///
        /// The scripts of the clock check are omitted, because the check can run at any time.
        func scripts(_ work: () async throws -> Void) async throws -> [String] {
            _ = try await self.client.send("SLOWLOG", ["RESET"])
            try await work()
            guard case .array(let entries) = try await self.client.send("SLOWLOG", ["GET", "-1"]) else { return [] }
            return entries.compactMap { entry in
                guard case .array(let fields) = entry, fields.count > 3, case .array(let command) = fields[3] else {
                    return nil
                }
                let words = command.map { word in
                    if case .bulk(let bytes) = word { String(decoding: bytes, as: UTF8.self) } else { "" }
                }
                guard words.count > 3, words[0].uppercased().hasPrefix("EVAL"), !words[3].contains("{clock}") else {
                    return nil
                }
                return "\(words[1]) \(words.count)"
            }
        }
    }

    @Test func wrongExpiredUnknownAndUsedCodesCostOneEqualScript() async throws {
        let clock = try await MovableClock()
        let settings = ["--slowlog-log-slower-than", "0", "--slowlog-max-len", "1000"]
        try await withPrivateRedis(arguments: settings, environment: clock.environment) { redis async throws in
            let log = CommandLog(client: RedisClient(configuration: try RedisConfiguration(url: redis.url)))
            let monotonic = ManualClock()
            let client = RedisClient(configuration: try RedisConfiguration(url: redis.url))
            let store = RedisOTPStore(client: client, clock: monotonic)
            try await TestServer.run(store: store) { server async throws in
                func pass(_ seconds: Int) throws {
                    try clock.advance(by: .seconds(seconds))
                    monotonic.advance(by: .seconds(seconds))
                }
                let expired = try await server.issue()
                let expiredCode = try #require(server.code)
                try pass(3600)
                let used = try await server.issue()
                let usedCode = try #require(server.code)
                #expect(try await server.check(usedCode, used).status == 200)
                try pass(10)
                let live = try await server.issue()
                let code = try #require(server.code)
                let unknown = "v1." + String(repeating: "A", count: 43)
                // The first call of a process may have to load the script.
                _ = try await server.check(wrong(code), live)
                var work: [String: [String]] = [:]
                var bodies: [Set<[UInt8]>] = []
                for (name, text, token, status) in [
                    ("wrong", wrong(code), live, 422), ("expired", expiredCode, expired, 410),
                    ("unknown", code, unknown, 410), ("used", usedCode, used, 410),
                ] {
                    work[name] = try await log.scripts {
                        let reply = try await server.check(text, token)
                        #expect(reply.status == status, "\(name): \(reply.summary)")
                        if status == 410 { bodies.append([reply.body]) }
                    }
                }
                #expect(work.values.allSatisfy { $0.count == 1 } && Set(work.values).count == 1, "\(work)")
                #expect(Set(bodies).count == 1)
            }
            await log.client.shutdown()
            await client.shutdown()
        }
    }
}
