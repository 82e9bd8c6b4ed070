// SPDX-License-Identifier: Apache-2.0

import Foundation
import Metrics
import OTPTesting
import SMSKit
import SendGuard
import Synchronization
import Testing

@testable import OTP

/// Tests that each scenario causes the expected audit events, and that the events contain no secrets (REQ-68).
@Suite(.timeLimit(.minutes(1))) struct AuditFlowTests {
    private final class Sink: AuditSink {
        private let stored = Mutex<[AuditEvent]>([])

        func record(_ events: [AuditEvent]) async throws {
            self.stored.withLock { $0 += events }
        }

        func take() -> [AuditEvent] {
            self.stored.withLock { events in
                defer { events = [] }
                return events
            }
        }
    }

    private struct Bench {
        let clock = ManualClock()
        let sink = Sink()
        let sms: RecordingSMSClient
        let trail: AuditTrail
        let otp: OTPService

        init(
            guardPolicy: GuardPolicy? = nil,
            policy change: (inout OTPPolicy) -> Void = { _ in },
            outcome: @escaping @Sendable (SMSMessage) async -> SMSSendOutcome = { _ in
                .accepted(SMSReceipt(messageID: "m1"))
            }
        ) throws {
            var policy = OTPPolicy(destinations: [.singapore])
            change(&policy)
            let clock = self.clock
            let start = Date(timeIntervalSince1970: 1_700_000_000)
            self.sms = RecordingSMSClient(outcome: outcome)
            self.trail = AuditTrail([self.sink], capacity: 1_000, metrics: MetricsSystem.factory) { start }
            let keys = try Fixture.keys()
            let gate = try guardPolicy.map { policy in
                let ledger = InMemorySendLedger(clock: clock, start: start)
                return SendGate(try SMSGuard(policy: policy, ledger: ledger, hash: keys.scopeHash))
            }
            self.otp = try OTPService(
                store: InMemoryOTPStore(clock: clock, start: start),
                sms: self.sms,
                keys: keys,
                policy: policy,
                messages: MessageTemplates(brand: "Acme"),
                tenant: "acme",
                sendGuard: gate,
                audit: self.trail
            )
        }

        /// Returns the events since the last call, as kinds and outcomes.
        func events() async -> [String] {
            await self.all().map { event in event[.outcome].map { "\(event.kind) \($0)" } ?? "\(event.kind)" }
        }

        func all() async -> [AuditEvent] {
            await self.trail.flush()
            return self.sink.take()
        }

        func issue(_ number: PhoneNumber = Fixture.number) async throws -> (token: ChallengeToken, code: String) {
            let client = ClientInfo(source: SourceAddress("192.0.2.77"))
            let challenge = try await self.otp.issue(for: number, purpose: .signIn, client: client)
            return (challenge.token, try #require(self.sms.lastCode(to: number)))
        }

        func verify(_ code: String, _ token: ChallengeToken) async -> VerificationProof? {
            try? await self.otp.verify(code, for: Fixture.number, token: token, purpose: .signIn)
        }
    }

    private static let wrongCode = "000000"

    // MARK: Calls

    @Test func codeThatIsSentVerifiedAndRedeemed() async throws {
        let bench = try Bench()
        #expect(await bench.events() == ["keys"])
        let (token, code) = try await bench.issue()
        #expect(await bench.events() == ["send accepted", "issue ok"])
        _ = await bench.verify(code == Self.wrongCode ? "111111" : Self.wrongCode, token)
        #expect(await bench.events() == ["verify incorrectCode"])
        let proof = try #require(await bench.verify(code, token))
        #expect(await bench.events() == ["verify ok"])
        try await bench.otp.redeem(proof.token, for: Fixture.number, purpose: .signIn)
        try? await bench.otp.redeem(proof.token, for: Fixture.number, purpose: .signIn)
        #expect(await bench.events() == ["redeem ok", "redeem invalidProof"])
    }

    @Test func messageThatIsRejectedOrUnknown() async throws {
        let rejection = SMSError(code: "no", kind: .number, message: "no")
        let rejected = try Bench(outcome: { _ in .rejected(rejection) })
        _ = try? await rejected.issue()
        #expect(await rejected.events() == ["keys", "send rejected", "issue deliveryFailed"])
        let unknown = try Bench(outcome: { _ in .unknown(SMSError(code: "t", kind: .transient, message: "t")) })
        _ = try? await unknown.issue()
        #expect(await unknown.events() == ["keys", "send unknown", "issue ok"])
    }

    @Test func refusalsNameTheLimit() async throws {
        let bench = try Bench()
        _ = try await bench.issue()
        _ = await bench.events()
        _ = try? await bench.issue()
        let event = try #require(await bench.all().first)
        #expect(event.kind == .issue && event[.outcome] == "rateLimited" && event[.reason] == "cooldown")
        #expect(event[.wait].flatMap { Int($0) } ?? 0 > 0)
        let landline = try #require(PhoneNumber(e164: "+442079460000"))
        _ = try? await bench.issue(landline)
        #expect(await bench.events() == ["issue destinationNotAllowed"])
    }

    @Test func lockUnlockAndRevoke() async throws {
        let bench = try Bench { $0.limits.failures = [WindowLimit(2, per: .seconds(3_600))] }
        let (token, code) = try await bench.issue()
        let wrong = code == Self.wrongCode ? "111111" : Self.wrongCode
        for _ in 0..<3 { _ = await bench.verify(wrong, token) }
        let events = await bench.all()
        let names = events.map { "\($0.kind) \($0[.outcome] ?? "")" }
        #expect(names.suffix(3) == ["verify incorrectCode", "verify locked", "lock locked"], "\(names)")
        #expect(events.last?[.reason] == "failures")
        try await bench.otp.unlock(for: Fixture.number, by: "alice")
        let unlock = try #require(await bench.all().first)
        #expect(unlock.kind == .unlock && unlock[.operatorName] == "alice")
        #expect(unlock[.number] == Fixture.number.description)
        bench.clock.advance(by: .seconds(60))
        let next = try await bench.issue()
        _ = await bench.events()
        try await bench.otp.cancel(for: Fixture.number, token: next.token)
        try? await bench.otp.cancel(for: Fixture.number, token: next.token)
        #expect(await bench.events() == ["revoke"])
        try await bench.otp.revokeDevices(of: Fixture.number, by: "alice")
        let revocation = try #require(await bench.all().first)
        #expect(revocation.kind == .revoke && revocation[.reason] == "devices" && revocation[.challenge] == nil)
        #expect(revocation[.operatorName] == "alice" && revocation[.number] == Fixture.number.description)
    }

    // MARK: The guard

    @Test func breakerThatOpensAndCloses() async throws {
        var policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 1_000_000))
        let rule = GuardRule.Name(.unverified, .source)
        policy[rule]?.threshold = .bucket(.init(capacity: 1, checkedCapacity: 1, pause: 100, credit: 1))
        let bench = try Bench(guardPolicy: policy)
        _ = try await bench.issue()
        #expect(await bench.events() == ["keys", "decision allow", "send accepted", "issue ok"])
        for events in [["decision block", "breaker opened", "issue blocked"], ["decision block", "issue blocked"]] {
            _ = try? await bench.issue(Fixture.otherNumber)
            #expect(await bench.events() == events)
        }
        bench.clock.advance(by: .seconds(100))
        _ = try await bench.issue(Fixture.otherNumber)
        let events = await bench.all()
        #expect(events.map(\.kind) == [.decision, .breaker, .send, .issue])
        #expect(events[1][.outcome] == "closed" && events[1][.rule] == rule.description)
        #expect(events[1][.decision] == events[0][.decision] && events[1][.scope]?.count == 16)
        let record = try #require(DecisionRecord(events[0]))
        #expect(record.outcome == .allow && record.tenant == "acme" && record.network == "192.0.2.0/24")
    }

    @Test func budgetThatReachesHalf() async throws {
        let policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 2))
        let bench = try Bench(guardPolicy: policy)
        _ = try await bench.issue()
        let events = await bench.all()
        #expect(events.map(\.kind) == [.keys, .decision, .budget, .send, .issue])
        #expect(events[2][.rule] == "messages-service" && events[2][.measured] == "1")
        #expect(events[2][.threshold] == "2" && events[2][.effect] == "alert")
    }

    @Test func silentlyDroppedMessageHasNoSend() async throws {
        var policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 0))
        policy[GuardRule.Name(.messages, .service)]?.mode = .shadow
        let bench = try Bench(guardPolicy: policy)
        _ = try? await bench.otp.issue(for: Fixture.number, purpose: .signIn)
        #expect(await bench.events() == ["keys", "decision shadow", "issue ok"])
    }

    // MARK: Contents

    @Test func eventsNameTheChallengeAndTheNumberByHashes() async throws {
        let bench = try Bench()
        _ = await bench.all()
        let (token, code) = try await bench.issue()
        _ = await bench.verify(code, token)
        let events = await bench.all()
        #expect(Set(events.map { $0[.challenge] }).count == 1 && events[0][.challenge]?.count == 22)
        #expect(Set(events.map { $0[.index] }).count == 1 && events[0][.index]?.count == 22)
        for event in events {
            #expect(event[.tenant] == "acme" && event[.purpose] == "sign-in" && event[.region] == "SG")
            #expect(event.time == Date(timeIntervalSince1970: 1_700_000_000))
        }
        #expect(events.first { $0.kind == .issue }?[.network] == "192.0.2.0/24")
    }

    @Test func noEventHoldsASecret() async throws {
        var policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 4))
        policy[GuardRule.Name(.unverified, .source)]?.threshold = .bucket(
            .init(capacity: 1, checkedCapacity: 1, pause: 100, credit: 1)
        )
        let bench = try Bench(guardPolicy: policy)
        let (token, code) = try await bench.issue()
        _ = try? await bench.issue(Fixture.otherNumber)
        _ = await bench.verify("000001", token)
        let proof = try #require(await bench.verify(code, token))
        try await bench.otp.redeem(proof.token, for: Fixture.number, purpose: .signIn)
        try await bench.otp.unlock(for: Fixture.number)
        let events = await bench.all()
        #expect(events.count >= 10)
        let text = events.map(\.description).joined(separator: "\n")
        let secrets = [
            Fixture.number.e164, Fixture.otherNumber.e164, String(Fixture.number.e164.dropFirst(3)), token.text,
            String(token.text.dropFirst(3).prefix(20)), String(token.text.suffix(20)), proof.token,
            String(proof.token.dropFirst(3).prefix(20)), "192.0.2.77",
        ]
        for secret in secrets { #expect(!text.contains(secret), "\(secret.prefix(6))…") }
        #expect(!events.contains { $0.fields.values.contains(code) })
    }

    @Test func serviceWithoutATrailRecordsNothing() async throws {
        let fixture = try Fixture()
        let issued = try await fixture.issue()
        #expect(await fixture.verify(issued.code, token: issued.token) == nil)
    }
}
