// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import OTP
import OTPRedis
import OTPTesting
import PrivateRedis
import SMSKit
import Testing

/// Tests of callers that are cancelled before the server replies.
@Suite(.timeLimit(.minutes(2))) struct CancelledCallerTests {
    /// Makes a call to a paused server, cancels the caller after the first command is written, and resumes the server.
    private static func cancelled<Result: Sendable>(
        _ server: PrivateRedisServer,
        _ client: RedisClient,
        _ call: @escaping @Sendable () async -> Result
    ) async -> Result {
        let sent = client.counters.commandsSent
        server.signal(SIGSTOP)
        let caller = Task { await call() }
        while client.counters.commandsSent == sent { await Task.yield() }
        caller.cancel()
        server.signal(SIGCONT)
        return await caller.value
    }

    @Test func resultOfAWrittenStepIsNotLost() async throws {
        try await withPrivateRedis { server in
            let configuration = try RedisConfiguration(url: server.url)
            try await FaultBench.with(configuration, commandTimeout: FaultBench.hang) { bench in
                let held = try await bench.prepare()
                let mistyped = await Self.cancelled(server, bench.client) {
                    await bench.failureOfVerify(held.attempted, code: held.attempted.wrongCode)
                }
                #expect(mistyped?.code == .incorrectCode)
                #expect(mistyped?.attemptsRemaining == 4)
                let verified = await Self.cancelled(server, bench.client) { await bench.verify(held.fresh) }
                let proof = try verified.get()
                #expect(await bench.redeem(proof) == nil)
                let unredeemed = await Self.cancelled(server, bench.client) { await bench.redeem(held.proof) }
                #expect(unredeemed == nil)
                #expect(await bench.redeem(held.proof)?.code == .invalidProof)
            }
        }
    }

    @Test func readBeforeAStepIsNotAnOutageWhileAKeyIsRotated() async throws {
        try await withPrivateRedis { server in
            var configuration = try RedisConfiguration(url: server.url)
            configuration.commandTimeout = FaultBench.hang
            let client = RedisClient(configuration: configuration)
            let sms = RecordingSMSClient()
            let otp = try OTPService(
                store: RedisOTPStore(client: client),
                sms: sms,
                keys: try .test(index: ["i1", "i2"]),
                policy: OTPPolicy(destinations: [.singapore]),
                messages: try MessageTemplates(brand: "Acme")
            )
            let number = FaultBench.newNumber()
            let token = try await otp.issue(for: number, purpose: .signIn).token
            let code = try #require(sms.lastCode(to: number))
            // The first written command is the read that finds the record.
            let verified = await Self.cancelled(server, client) {
                await Result { () async throws in
                    try await otp.verify(code, for: number, token: token, purpose: .signIn)
                }
            }
            await client.shutdown()
            #expect(try verified.get().phoneNumber == number)
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
