// SPDX-License-Identifier: Apache-2.0

import GuardSimulation
import OTPTesting
import SMSKit

@testable import SendGuard

/// A guard with a ledger in memory and a clock that the test moves.
struct GuardFixture {
    let clock = ManualClock()
    let sendGuard: SMSGuard

    init(_ change: (inout GuardPolicy) -> Void = { _ in }) throws {
        var policy = Self.policy
        change(&policy)
        let ledger = InMemorySendLedger(clock: self.clock)
        self.sendGuard = try SMSGuard(policy: policy, ledger: ledger, hash: .forSimulations)
    }

    static var policy: GuardPolicy {
        var policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 1_000_000))
        policy.tenantBudget = .init(messages: 100_000)
        return policy
    }

    static func request(
        _ number: Int = 1,
        block: Int = 0,
        from source: String? = "192.0.2.1",
        _ signals: SendSignals = []
    ) throws -> SendRequest {
        let digits = "+659" + String(String(1_000 + block).dropFirst()) + String(String(10_000 + number).dropFirst())
        return SendRequest(
            number: try PhoneNumber(digits),
            tenant: "acme",
            purpose: "registration",
            source: source.flatMap(SourceAddress.init),
            signals: signals
        )
    }

    /// Reserves sends until a send is refused.
    ///
    /// - Returns: The number of admitted sends, and the refusal.
    func fill(
        _ most: Int = 10_000,
        _ request: (Int) throws -> SendRequest
    ) async throws -> (admitted: Int, refusal: GuardDecision?) {
        for number in 0..<most {
            let decision = try await self.sendGuard.reserve(try request(number))
            if decision.outcome != .allow { return (number, decision) }
        }
        return (most, nil)
    }

    /// Returns an address that is different for each number.
    static func address(_ number: Int) -> String { "10.\(number / 256 % 256).\(number % 256).1" }
}
