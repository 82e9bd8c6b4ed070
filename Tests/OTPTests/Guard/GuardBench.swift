// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import SendGuard

/// A service with a guard, and with a ledger that records its calls.
struct GuardBench {
    let fixture: Fixture
    let ledger: ObservedLedger
    let sendGuard: SMSGuard
    let gate: SendGate

    var otp: OTPService { self.fixture.otp }
    var sms: RecordingSMSClient { self.fixture.sms }

    /// Creates a service with the standard rules.
    ///
    /// - Parameters:
    ///   - budget: The maximum number of messages per day.
    ///   - capacity: The maximum number of waiting reports.
    ///   - humanCheck: The human check; `nil` for a guard without a human check.
    ///   - riskAssessor: The risk assessor.
    ///   - messages: The texts of the messages.
    ///   - change: A change of the guard's policy.
    ///   - otp: A change of the service's policy.
    ///   - outcome: The outcome of each message.
    /// - Throws: An error of a policy that is out of range.
    init(
        budget: Int = 1_000,
        capacity: Int = 10_000,
        humanCheck: (any HumanCheck)? = nil,
        riskAssessor: (any RiskAssessor)? = nil,
        messages: MessageTemplates? = nil,
        policy change: (inout GuardPolicy) -> Void = { _ in },
        otp: (inout OTPPolicy) -> Void = { _ in },
        outcome: @escaping @Sendable (SMSMessage) async -> SMSSendOutcome = { _ in
            .accepted(SMSReceipt(messageID: "m1"))
        }
    ) throws {
        var policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: budget))
        policy.hasHumanCheck = humanCheck != nil
        change(&policy)
        let keys = try Fixture.keys()
        self.ledger = ObservedLedger(clock: ManualClock())
        self.sendGuard = try SMSGuard(policy: policy, ledger: self.ledger, hash: keys.scopeHash)
        self.gate = SendGate(
            self.sendGuard,
            humanCheck: humanCheck.map { HumanCheckVerifier($0, hash: keys.scopeHash) },
            riskAssessor: riskAssessor.map { RiskGate($0) },
            reportCapacity: capacity
        )
        self.fixture = try Fixture(
            keys: keys,
            sendGuard: self.gate,
            messages: messages,
            policy: otp,
            outcome: outcome
        )
    }

    /// Returns a number in its own number block.
    static func number(_ number: Int) -> PhoneNumber { PhoneNumber(e164: "+659\(100 + number)1234")! }

    /// Returns a client with an address in its own network.
    static func client(_ number: Int = 0) -> ClientInfo {
        ClientInfo(source: SourceAddress("10.\(number / 256).\(number % 256).1"))
    }

    /// Issues a code, and returns the error, or `nil` on success.
    func issue(_ number: PhoneNumber = Fixture.number, client: ClientInfo = Self.client()) async -> OTPError? {
        do throws(OTPError) {
            _ = try await self.otp.issue(for: number, purpose: .registration, client: client)
            return nil
        } catch {
            return error
        }
    }

    /// Returns the record of a scope after all reports were delivered.
    func record(_ scope: GuardScope, of client: ClientInfo = Self.client()) async throws -> ScopeRecord? {
        await self.gate.flush()
        let request = SendRequest(
            number: Fixture.number,
            tenant: "default",
            purpose: "registration",
            source: client.source
        )
        let claim = self.sendGuard.outcome(.verified, of: request).claim
        let records = try await self.ledger.records(of: claim)
        let position = (claim.origin + claim.shared).firstIndex { $0.limits.scope == scope }
        return position.flatMap { records[$0] }
    }
}
