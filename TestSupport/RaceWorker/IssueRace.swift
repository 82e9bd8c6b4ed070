// SPDX-License-Identifier: Apache-2.0

import Hiredis
import OTP
import OTPRedis
import OTPTesting
import SMSKit
import SendGuard

/// A process that issues codes at the same time as other processes with the same guard.
///
/// The process has five arguments:
///
/// 1. The URL of the Redis server.
/// 2. The number of processes.
/// 3. The index of this process.
/// 4. The number of calls.
/// 5. The budget of the service.
///
/// Standard input contains the key ring. The process prints the number of sends and the number of blocked calls.
enum IssueRace {
    static func run(_ arguments: [String]) async throws {
        guard let url = arguments.first, let keys = readLine(), arguments.count == 5 else { throw RaceWorker.Misuse() }
        let numbers = arguments.dropFirst().compactMap { Int($0) }
        guard numbers.count == 4 else { throw RaceWorker.Misuse() }
        let client = RedisClient(configuration: try RedisConfiguration(url: url))
        let sms = RecordingSMSClient()
        let otp = try Self.service(client, sms, keys: try KeyRing(text: keys), budget: numbers[3])
        try await RaceWorker.meet(client, Int64(numbers[0]), round: 0, of: "issue\(numbers[0])")
        let calls = numbers[1] * numbers[2]..<(numbers[1] + 1) * numbers[2]
        let refusals = await withTaskGroup(of: Bool.self) { group in
            for number in calls { group.addTask { await Self.isBlocked(number, otp) } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        print(sms.messages.count, refusals)
        await client.shutdown()
    }

    private static func service(
        _ client: RedisClient,
        _ sms: RecordingSMSClient,
        keys: KeyRing,
        budget: Int
    ) throws -> OTPService {
        var policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: budget))
        policy.tenantBudget = .init()
        let ledger = RedisSendLedger(client: client)
        return try OTPService(
            store: RedisOTPStore(client: client),
            sms: sms,
            keys: keys,
            policy: OTPPolicy(destinations: [.singapore]),
            messages: try MessageTemplates(brand: "Acme"),
            sendGuard: SendGate(try SMSGuard(policy: policy, ledger: ledger, hash: keys.scopeHash))
        )
    }

    /// Issues a code from a new network, and returns whether the guard blocked the call.
    ///
    /// At most three phone numbers share a number block.
    private static func isBlocked(_ number: Int, _ otp: OTPService) async -> Bool {
        guard let phone = PhoneNumber(e164: "+659\(100 + number % 500)123\(number / 500)") else { return false }
        let client = ClientInfo(source: SourceAddress("10.\(number / 256).\(number % 256).1"))
        do throws(OTPError) {
            _ = try await otp.issue(for: phone, purpose: .registration, client: client)
            return false
        } catch {
            return error.code == .blocked
        }
    }
}
