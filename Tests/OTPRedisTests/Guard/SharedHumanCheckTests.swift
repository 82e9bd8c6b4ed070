// SPDX-License-Identifier: Apache-2.0

import Hiredis
import OTP
import OTPTesting
import SMSKit
import SendGuard
import Testing

@testable import OTPRedis

/// Tests of human checks in several processes with one Redis server.
@Suite(.timeLimit(.minutes(1))) struct SharedHumanCheckTests {
    /// A provider that confirms every response, even several times.
    private struct GenerousCheck: HumanCheck {
        func verify(_ response: String, of request: SendRequest) async throws -> HumanCheckResult { .passed }
    }

    /// The service of one process, whose guard requires a human check after the first send from an address.
    private struct Process {
        let ledger: RedisSendLedger
        let otp: OTPService

        init(_ redis: TestRedis) throws {
            let keys = try KeyRing.test()
            self.ledger = RedisSendLedger(client: RedisClient(configuration: try TestRedis.restricted(redis.server)))
            var policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 1_000))
            policy.hasHumanCheck = true
            policy[.init(.unverified, .source)]?.threshold = .bucket(
                .init(capacity: 1, checkedCapacity: 100, pause: 900, credit: 2)
            )
            let sendGuard = try SMSGuard(policy: policy, ledger: self.ledger, hash: keys.scopeHash, reportInterval: nil)
            let humanCheck = HumanCheckVerifier(GenerousCheck(), hash: keys.scopeHash)
            self.otp = try OTPService(
                store: redis.store,
                sms: RecordingSMSClient(),
                keys: keys,
                policy: OTPPolicy(destinations: [.singapore]),
                messages: try MessageTemplates(brand: "Acme"),
                sendGuard: SendGate(sendGuard, humanCheck: humanCheck)
            )
        }

        func issue(_ number: Int, _ response: String?) async -> OTPError.Code? {
            let phone = PhoneNumber(e164: "+659\(100 + number)1234")!
            let client = ClientInfo(source: SourceAddress("192.0.2.1"), humanCheckResponse: response)
            do throws(OTPError) {
                _ = try await self.otp.issue(for: phone, purpose: .signIn, client: client)
                return nil
            } catch {
                return error.code
            }
        }
    }

    private static func withTwoProcesses(_ body: (TestRedis, [Process]) async throws -> Void) async throws {
        try await TestRedis.with(frozen: true) { redis in
            let processes = [try Process(redis), try Process(redis)]
            let result: Result<Void, any Error>
            do { result = .success(try await body(redis, processes)) } catch { result = .failure(error) }
            for process in processes { await process.ledger.shutdown() }
            try result.get()
        }
    }

    @Test func responseCountsOnceInTwoProcesses() async throws {
        try await Self.withTwoProcesses { _, processes in
            #expect(await processes[0].issue(0, nil) == nil)
            #expect(await processes[1].issue(1, nil) == .humanCheckRequired)
            let codes = await withTaskGroup(of: OTPError.Code?.self) { group in
                for (number, process) in processes.enumerated() {
                    group.addTask { await process.issue(10 + number, "solved") }
                }
                return await group.reduce(into: [OTPError.Code?]()) { $0.append($1) }
            }
            #expect(codes.count { $0 == nil } == 1 && codes.contains(.humanCheckRequired), "\(codes)")
            #expect(await processes[1].issue(20, "solved-again") == nil)
            #expect(await processes[0].issue(21, "solved-again") == .humanCheckRequired)
        }
    }

    @Test func markExpiresAndShowsNoResponse() async throws {
        try await Self.withTwoProcesses { redis, processes in
            #expect(await processes[0].issue(0, "solved") == nil)
            let marks = try await redis.contents().filter { $0.key.hasSuffix("h") && $0.value == Array("1".utf8) }
            // The lifetime of a response, and a minute.
            #expect(marks.map(\.lifetime) == [660_000])
            #expect(marks.allSatisfy { $0.key.contains(/^otp:\{[\w-]{16}\}h$/) && !$0.key.contains("solved") })
        }
    }
}
