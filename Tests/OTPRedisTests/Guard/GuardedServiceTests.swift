// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import OTP
import OTPRedis
import OTPTesting
import PrivateRedis
import SMSKit
import SendGuard
import Subprocess
import SystemPackage
import Testing

/// Tests of services with a guard, with the store and the ledger in Redis.
@Suite(.timeLimit(.minutes(2))) struct GuardedServiceTests {
    /// The service of one process.
    private struct Process {
        let ledger: RedisSendLedger
        let sendGuard: SMSGuard
        let gate: SendGate
        let otp: OTPService

        init(
            _ redis: TestRedis,
            _ sms: RecordingSMSClient,
            budget: Int,
            ledger configuration: RedisConfiguration? = nil
        ) throws {
            let keys = try KeyRing.test()
            let client = RedisClient(configuration: try configuration ?? TestRedis.restricted(redis.server))
            self.ledger = RedisSendLedger(client: client)
            var policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: budget))
            policy.tenantBudget = .init()
            policy[.init(.unverified, .homeRegion)] = nil
            policy[.init(.unverified, .tenant)] = nil
            self.sendGuard = try SMSGuard(
                policy: policy,
                ledger: self.ledger,
                hash: keys.scopeHash,
                reportInterval: nil
            )
            self.gate = SendGate(self.sendGuard)
            self.otp = try OTPService(
                store: redis.store,
                sms: sms,
                keys: keys,
                policy: OTPPolicy(destinations: [.singapore]),
                messages: try MessageTemplates(brand: "Acme"),
                sendGuard: self.gate
            )
        }

        /// Issues a code from a new network, with at most three numbers in a number block.
        func issue(_ number: Int) async -> OTPError.Code? {
            let phone = PhoneNumber(e164: "+659\(100 + number % 500)123\(number / 500)")!
            let source = SourceAddress("10.\(number / 256).\(number % 256).1")
            do throws(OTPError) {
                _ = try await self.otp.issue(
                    for: phone,
                    purpose: .registration,
                    client: ClientInfo(source: source)
                )
                return nil
            } catch {
                return error.code
            }
        }
    }

    /// Issues codes from all processes at the same time, and counts the outcomes.
    private static func issue(_ numbers: Range<Int>, from processes: [Process]) async -> [OTPError.Code?: Int] {
        await withTaskGroup(of: OTPError.Code?.self) { group in
            for number in numbers {
                let process = processes[number % processes.count]
                group.addTask { await process.issue(number) }
            }
            return await group.reduce(into: [OTPError.Code?: Int]()) { $0[$1, default: 0] += 1 }
        }
    }

    private static func calls(_ redis: TestRedis, of command: String = "evalsha") async throws -> Int {
        guard case .bulk(let bytes) = try await redis.client.send("INFO", ["commandstats"]) else { return 0 }
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
            .first { $0.hasPrefix("cmdstat_\(command):") }
        return line.flatMap { Int($0.split(separator: "=")[1].prefix { $0.isNumber }) } ?? 0
    }

    @Test func oneOfAThousandIssuesGetsTheLastMessageOfTheBudget() async throws {
        try await TestRedis.with(frozen: true) { redis in
            let sms = RecordingSMSClient()
            let processes = try (0..<4).map { _ in try Process(redis, sms, budget: 10) }
            #expect(await Self.issue(0..<9, from: processes) == [nil: 9])
            let outcomes = await Self.issue(10..<1_010, from: processes)
            #expect(outcomes == [nil: 1, .blocked: 999])
            #expect(sms.messages.count == 10)
            for process in processes { await process.ledger.shutdown() }
        }
    }

    @Test func oneOfAThousandIssuesOfFourProcessesGetsTheLastMessage() async throws {
        try await TestRedis.with(frozen: true) { redis in
            let keys = KeyRing.makeText()
            // Nine messages of the budget of ten are sent, from other numbers and networks.
            #expect(try await Self.race(redis, keys, processes: 1, from: 120, calls: 9).sends == 9)
            let outcome = try await Self.race(redis, keys, processes: 4, from: 0, calls: 250)
            #expect(outcome.sends == 1 && outcome.refusals == 999)
        }
    }

    /// Issues codes from several processes at the same time, and returns the sums of their outcomes.
    private static func race(
        _ redis: TestRedis,
        _ keys: String,
        processes: Int,
        from first: Int,
        calls: Int
    ) async throws -> (sends: Int, refusals: Int) {
        let folder = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let worker = URL(fileURLWithPath: folder).deletingLastPathComponent().path + "/RaceWorker"
        let url = redis.server.url
        return try await withThrowingTaskGroup(of: [Int].self) { group in
            for index in first..<first + processes {
                group.addTask {
                    let result = try await run(
                        .path(FilePath(worker)),
                        arguments: ["issue", url, "\(processes)", "\(index)", "\(calls)", "10"],
                        input: .string(keys + "\n"),
                        output: .string(limit: 65_536),
                        error: .string(limit: 65_536)
                    )
                    #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
                    return result.standardOutput.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
                }
            }
            return try await group.reduce(into: (sends: 0, refusals: 0)) { sum, numbers in
                sum.sends += numbers.first ?? 0
                sum.refusals += numbers.last ?? 0
            }
        }
    }

    @Test func issueTakesTwoScriptsOfTheLedgerAndOneOfTheStore() async throws {
        try await TestRedis.with { redis in
            let process = try Process(redis, RecordingSMSClient(), budget: 100)
            // The scripts are loaded now.
            #expect(await process.issue(100) == nil)
            let before = try await Self.calls(redis)
            #expect(await process.issue(101) == nil)
            await process.gate.flush()
            #expect(try await Self.calls(redis) == before + 3)
            // The cooldown of the number releases both groups of scopes.
            #expect(await process.issue(101) == .rateLimited)
            await process.gate.flush()
            #expect(try await Self.calls(redis) == before + 3 + 3 + 2)
            await process.ledger.shutdown()
        }
    }

    @Test func outcomesReachTheLedgerBehindTheReply() async throws {
        try await TestRedis.with { redis in
            let sms = RecordingSMSClient()
            let process = try Process(redis, sms, budget: 100)
            let number = PhoneNumber(e164: "+6591001234")!
            let challenge = try await process.otp.issue(for: number, purpose: .registration)
            let code = try #require(sms.lastCode(to: number))
            _ = try await process.otp.verify(code, for: number, token: challenge.token, purpose: .registration)
            await process.gate.flush()
            let request = SendRequest(number: number, tenant: "default", purpose: "registration", source: nil)
            let claim = process.sendGuard.outcome(.verified, of: request).claim
            let records = try await process.ledger.records(of: claim)
            #expect(records.compactMap { $0?.verified }.max() == 1)
            #expect(records.compactMap { $0?.unverified.level }.max() == 0)
            await process.ledger.shutdown()
        }
    }

    @Test func ledgerThatDiesStopsEverySend() async throws {
        try await TestRedis.with { redis in
            try await withPrivateRedis { server in
                let sms = RecordingSMSClient()
                var configuration = try RedisConfiguration(url: server.url)
                configuration.connectTimeout = .milliseconds(300)
                let process = try Process(redis, sms, budget: 1_000, ledger: configuration)
                #expect(await process.issue(100) == nil)
                async let outcomes = Self.issue(101..<400, from: [process])
                while sms.messages.count < 20 {
                    try Task.checkCancellation()
                    await Task.yield()
                }
                try await server.stop()
                let during = await outcomes
                #expect(during[nil, default: 0] + during[.storeUnavailable, default: 0] == 299)
                #expect(during[nil, default: 0] + 1 == sms.messages.count)
                let after = await Self.issue(400..<420, from: [process])
                #expect(after == [.storeUnavailable: 20])
                #expect(during[nil, default: 0] + 1 == sms.messages.count)
                // A number that was refused has no cooldown: the store counted nothing.
                try await server.start()
                while await process.issue(400) != nil { try Task.checkCancellation() }
                await process.ledger.shutdown()
            }
        }
    }
}
