// SPDX-License-Identifier: Apache-2.0

import Hiredis
import OTP
import OTPRedis
import OTPTesting
import PrivateRedis
import Testing

/// Tests of the faults in `Docs/Failures.md` about broken and hostile replies.
@Suite(.timeLimit(.minutes(2))) struct FailureTableReplyTests {
    @Test func connectionIsCutInTheMiddleOfAReply() async throws {
        try await Self.withProxy { proxy, bench in
            let held = try await bench.prepare()
            let other = try await bench.issue()
            let messages = bench.sms.messages.count
            let number = FaultBench.newNumber()
            proxy.fault = .cutsReplies
            // The server accepts the code, but the reply is lost.
            try await Self.expectUnknown { await bench.failureOfVerify(held.fresh) }
            try await Self.expectUnknown { await bench.failureOfVerify(held.attempted, code: held.attempted.wrongCode) }
            try await Self.expectUnknown { await bench.failureOfIssue(to: number) }
            #expect(bench.sms.messages.count == messages)
            await bench.expectClosed(held, causes: [.outcomeUnknown, .connectionFailed])
            proxy.fault = .none
            // Two attempts may have run: the attempt above, and the attempt in `expectClosed`.
            try await bench.expectRecovery(held, .mayHaveRun(attempts: 2))
            // A lost reply has a safe effect: the code is consumed, and the send is counted although no message was sent.
            #expect(await bench.failureOfVerify(held.fresh)?.code == .expired)
            #expect(await bench.failureOfIssue(to: number)?.code == .rateLimited)
            #expect(await bench.failureOfVerify(other) == nil)
        }
    }

    static let replies: [String] = [
        "HTTP/1.1 400 Bad Request\r\n\r\n", "\u{0}\u{1}\u{2}\r\n", "+OK\r\n", ":0\r\n", ":1\r\n", ":7\r\n",
        ":255\r\n", "$-1\r\n", "*0\r\n", "*-1\r\n",
        "*1\r\n:0\r\n", "*1\r\n:99\r\n", "*2\r\n:0\r\n:-1\r\n", "*2\r\n:0\r\n:9223372036854775807\r\n",
        "*2\r\n:1\r\n$-1\r\n", "*2\r\n+matched\r\n:1\r\n", "$2\r\n{}\r\n", "*2000000000\r\n",
        "$9223372036854775807\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:0\r\n", "-ERR\r\n", "-WRONGTYPE \u{0}\r\n",
        "-NOSCRIPT once more\r\n", "-MOVED 1 127.0.0.1:1\r\n", "-ASK 1 127.0.0.1:1\r\n", "*2\r\n:0\r\n-ERR inner\r\n",
        "*2\r\n:0\r\n", "$20\r\nhalf",
    ]

    @Test func garbageAndHostileReplies() async throws {
        try await Self.withProxy { proxy, known in
            let held = try await known.prepare()
            for reply in Self.replies {
                proxy.fault = .answers(Array(reply.utf8))
                // The back-off of an existing client would slow the test down, so each reply has a new client.
                try await FaultBench.with(known.configuration) { bench in
                    // The first check of the clock sends additional commands, so it runs before the commands are counted.
                    _ = try? await bench.store.clockEpoch()
                    try await Self.expectNothing(held, bench, reply)
                }
            }
            try await Self.expectNothing(held, known, "the last one again")
            proxy.fault = .none
            try await known.expectRecovery(held, .nothingRan)
        }
    }

    /// Makes every call while the server sends a hostile reply, and expects no message and no verified code.
    private static func expectNothing(_ held: FaultBench.Held, _ bench: FaultBench, _ reply: String) async throws {
        var calls = [
            { await bench.failureOfVerify(held.fresh) },
            { await bench.failureOfVerify(held.attempted, code: held.attempted.wrongCode) },
            { await bench.failureOfIssue() },
            { await bench.redeem(held.proof) },
        ]
        // For `redeem`, these two replies are valid.
        if [":0\r\n", ":1\r\n"].contains(reply) { calls.removeLast() }
        let messages = bench.sms.messages.count
        for call in calls {
            var commands = 0
            let (error, elapsed) = try await Self.reaching {
                // Counting begins with the call that is written. Earlier calls may have failed without a connection.
                commands = bench.client.counters.commandsSent
                return await call()
            }
            #expect(error?.code == .storeUnavailable, "\(reply.debugDescription)")
            #expect(elapsed < FaultBench.hang, "\(reply.debugDescription) took \(elapsed)")
            // After NOSCRIPT, the client sends the source of the script once.
            #expect(bench.client.counters.commandsSent - commands <= 2, "\(reply.debugDescription)")
        }
        #expect(bench.sms.messages.count == messages)
    }

    private static func withProxy(_ body: (FaultyProxy, FaultBench) async throws -> Void) async throws {
        try await withPrivateRedis { server in
            try await FaultyProxy.with(serverSocket: server.socketPath) { proxy, port in
                let configuration = RedisConfiguration(endpoint: .tcp(host: "127.0.0.1", port: port))
                try await FaultBench.with(configuration) { bench in try await body(proxy, bench) }
            }
        }
    }

    struct NothingWritten: Error {}

    /// Repeats a call until its command is written, because the client backs off after a failure.
    private static func reaching(_ call: () async -> OTPError?) async throws -> (OTPError?, Duration) {
        let deadline = ContinuousClock.now + FaultBench.hang
        while true {
            let start = ContinuousClock.now
            let error = await call()
            let elapsed = ContinuousClock.now - start
            guard (error?.cause as? RedisError)?.code == .connectionFailed else { return (error, elapsed) }
            guard start < deadline else { throw NothingWritten() }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private static func expectUnknown(
        sourceLocation: SourceLocation = #_sourceLocation,
        _ call: () async -> OTPError?
    ) async throws {
        let (error, elapsed) = try await Self.reaching(call)
        #expect(error?.code == .storeUnavailable, sourceLocation: sourceLocation)
        #expect((error?.cause as? RedisError)?.code == .outcomeUnknown, sourceLocation: sourceLocation)
        #expect(elapsed < FaultBench.hang, sourceLocation: sourceLocation)
    }
}
