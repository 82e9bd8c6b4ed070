// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import OTPTesting
import SMSKit
import Synchronization
import Testing

/// Tests that codes and proofs are valid only in the epoch of the store's clock in which they were created.
@Suite struct ClockEpochTests {
    private static let next = ClockEpoch(rawValue: 1, previousEnd: nil)

    private struct Bench {
        let clock: ManualClock
        let sms: RecordingSMSClient
        let store: RewoundStore
        let otp: OTPService

        init(
            audience: ProofAudience = .default,
            proofs: (any ProofStore)? = nil,
            clock: ManualClock = ManualClock(),
            store: RewoundStore? = nil,
            sms: RecordingSMSClient = RecordingSMSClient(),
            policy change: (inout OTPPolicy) -> Void = { _ in }
        ) throws {
            var policy = OTPPolicy(destinations: [.singapore])
            policy.limits.cooldown = [.seconds(1)]
            policy.limits.sends = [WindowLimit(20, per: .seconds(3_600))]
            change(&policy)
            self.clock = clock
            self.store = store ?? RewoundStore(clock)
            self.sms = sms
            self.otp = try OTPService(
                store: self.store,
                proofs: proofs ?? self.store,
                sms: self.sms,
                keys: try Fixture.keys(),
                policy: policy,
                messages: try MessageTemplates(brand: "Acme"),
                audience: audience
            )
        }

        /// Waits for the end of the cooldown, and issues a code.
        func issue() async throws -> (token: ChallengeToken, code: String) {
            self.clock.advance(by: .seconds(1))
            let token = try await self.otp.issue(for: Fixture.number, purpose: .signIn).token
            return (token, try #require(self.sms.lastCode(to: Fixture.number)))
        }

        func verify(_ issued: (token: ChallengeToken, code: String), for audience: ProofAudience? = nil) async throws
            -> VerificationProof
        {
            try await self.otp.verify(
                issued.code,
                for: Fixture.number,
                token: issued.token,
                purpose: .signIn,
                audience: audience
            )
        }

        func redeem(_ proof: VerificationProof) async throws {
            try await self.otp.redeem(proof.token, for: Fixture.number, purpose: .signIn)
        }
    }

    @Test(arguments: [OTPPolicy.ResendPolicy.repeat, .renew])
    func codeOfAnEarlierEpochIsUnknownInEveryStep(_ resend: OTPPolicy.ResendPolicy) async throws {
        let bench = try Bench { $0.resend = resend }
        let issued = try await bench.issue()
        bench.store.enter(Self.next)
        let messages = bench.sms.messages.count
        let (otp, token) = (bench.otp, issued.token)
        bench.clock.advance(by: .seconds(1))
        #expect(await Fixture.code { _ = try await otp.status(for: Fixture.number, token: token) } == .expired)
        #expect(
            await Fixture.code { _ = try await otp.resend(for: Fixture.number, token: token, purpose: .signIn) }
                == .expired
        )
        #expect(await Fixture.code { try await otp.cancel(for: Fixture.number, token: token) } == .expired)
        #expect(await Fixture.code { _ = try await bench.verify(issued) } == .expired)
        #expect(bench.sms.messages.count == messages)
        // The challenge is unchanged, so the code is valid when the epoch returns.
        bench.store.enter(.initial)
        _ = try await bench.verify(issued)
    }

    @Test func tokenlessCodeOfAnEarlierEpochIsUnknown() async throws {
        let bench = try Bench()
        _ = try await bench.otp.issueTokenless(for: Fixture.number, purpose: .signIn)
        let code = try #require(bench.sms.lastCode(to: Fixture.number))
        bench.store.enter(Self.next)
        let error = await Fixture.code {
            _ = try await bench.otp.verifyTokenless(code, for: Fixture.number, purpose: .signIn)
        }
        #expect(error == .expired)
    }

    @Test func proofOfAnEarlierEpochIsInvalid() async throws {
        let bench = try Bench()
        let proof = try await bench.verify(try await bench.issue())
        bench.store.enter(Self.next)
        #expect(await Fixture.code { try await bench.redeem(proof) } == .invalidProof)
        bench.store.enter(ClockEpoch(rawValue: 2, previousEnd: nil))
        #expect(await Fixture.code { try await bench.redeem(proof) } == .invalidProof)
        bench.store.enter(.initial)
        try await bench.redeem(proof)
    }

    @Test(arguments: [OTPPolicy.ResendPolicy.repeat, .renew])
    func everyStepWorksInALaterEpoch(_ resend: OTPPolicy.ResendPolicy) async throws {
        let bench = try Bench { $0.resend = resend }
        bench.store.enter(Self.next)
        var issued = try await bench.issue()
        #expect(try await bench.otp.status(for: Fixture.number, token: issued.token).sendCount == 1)
        bench.clock.advance(by: .seconds(1))
        _ = try await bench.otp.resend(for: Fixture.number, token: issued.token, purpose: .signIn)
        issued.code = try #require(bench.sms.lastCode(to: Fixture.number))
        let proof = try await bench.verify(issued)
        try await bench.redeem(proof)
        #expect(await Fixture.code { try await bench.redeem(proof) } == .invalidProof)
        let cancelled = try await bench.issue()
        try await bench.otp.cancel(for: Fixture.number, token: cancelled.token)
        bench.clock.advance(by: .seconds(1))
        _ = try await bench.otp.issueTokenless(for: Fixture.number, purpose: .signIn)
        let code = try #require(bench.sms.lastCode(to: Fixture.number))
        _ = try await bench.otp.verifyTokenless(code, for: Fixture.number, purpose: .signIn)
    }

    /// If another process finds a jump during a send, the message must be released with the ID with which it was counted.
    @Test(arguments: [OTPPolicy.ResendPolicy.repeat, .renew])
    func refusedMessageIsReleasedInALaterEpoch(_ resend: OTPPolicy.ResendPolicy) async throws {
        let rejection = SMSError(code: "no", kind: .balance, message: "no")
        let isRefused = Mutex(true)
        let clock = ManualClock()
        let store = RewoundStore(clock)
        let sms = RecordingSMSClient { _ in
            guard isRefused.withLock({ $0 }) else { return .accepted(SMSReceipt(messageID: "1")) }
            store.enter(ClockEpoch(rawValue: 2, previousEnd: nil))
            return .rejected(rejection)
        }
        let bench = try Bench(clock: clock, store: store, sms: sms) { $0.resend = resend }
        let otp = bench.otp
        // These are more messages than the limits admit.
        for _ in 0..<25 {
            store.enter(Self.next)
            clock.advance(by: .seconds(60))
            #expect(await Fixture.code { _ = try await bench.issue() } == .deliveryFailed)
        }
        #expect(store.released == store.counted)
        store.enter(Self.next)
        isRefused.withLock { $0 = false }
        clock.advance(by: .seconds(60))
        let token = try await bench.issue().token
        isRefused.withLock { $0 = true }
        clock.advance(by: .seconds(61))
        let error = await Fixture.code { _ = try await otp.resend(for: Fixture.number, token: token, purpose: .signIn) }
        #expect(error == .deliveryFailed)
        #expect(store.released.suffix(1) == store.counted.suffix(1))
        #expect(store.released.count == 26 && store.counted.count == 27)
    }

    /// A proof for another service is independent of epochs, because no service knows the epoch of another service.
    @Test func proofForAnotherServiceIsRedeemedInItsEpoch() async throws {
        let shop = try #require(ProofAudience(rawValue: "shop"))
        let past = ClockEpoch(rawValue: 1, previousEnd: StoreTime(milliseconds: 0))
        for (mine, other) in [(ClockEpoch.initial, past), (past, .initial), (past, past)] {
            let (issuer, redeemer) = (try Bench(), try Bench(audience: shop))
            issuer.store.enter(mine)
            redeemer.store.enter(other)
            let proof = try await issuer.verify(try await issuer.issue(), for: shop)
            try await redeemer.redeem(proof)
            #expect(await Fixture.code { try await redeemer.redeem(proof) } == .invalidProof)
            // A proof for the service itself is bound to the epoch, unlike a proof from another service.
            redeemer.store.enter(.initial)
            let own = try await redeemer.verify(try await redeemer.issue(), for: shop)
            redeemer.store.enter(Self.next)
            #expect(await Fixture.code { try await redeemer.redeem(own) } == .invalidProof)
        }
    }

    /// After a jump, the creation time of an old proof occurs again on the clock of the redeeming service.
    @Test(arguments: [OTPPolicy(destinations: []).proofLifetime, .seconds(60)])
    func proofForAnotherServiceFromBeforeTheEndOfTheEarlierEpochsIsRefused(_ lifetime: Duration) async throws {
        let shop = try #require(ProofAudience(rawValue: "shop"))
        let clock = ManualClock()
        let issuer = try Bench(clock: clock) { $0.proofLifetime = lifetime }
        let redeemer = try Bench(audience: shop, clock: clock)
        let proof = try await issuer.verify(try await issuer.issue(), for: shop)
        let expiry = StoreTime(milliseconds: Int64((proof.expiresAt.timeIntervalSince1970 * 1_000).rounded()))
        // The longest lifetime plus the tolerance, for any lifetime of the other service.
        let latest = expiry + .seconds(-660)
        for end in [latest, latest + .seconds(3_600), latest + .seconds(86_400)] {
            redeemer.store.enter(ClockEpoch(rawValue: 1, previousEnd: end))
            #expect(await Fixture.code { try await redeemer.redeem(proof) } == .invalidProof)
        }
        redeemer.store.enter(ClockEpoch(rawValue: 1, previousEnd: latest + .milliseconds(-1)))
        try await redeemer.redeem(proof)
    }

    @Test func withoutTheEndOfTheEarlierEpochsAllProofsOfOtherServicesAreRefused() async throws {
        let shop = try #require(ProofAudience(rawValue: "shop"))
        let (issuer, redeemer) = (try Bench(), try Bench(audience: shop))
        redeemer.store.enter(Self.next)
        let proof = try await issuer.verify(try await issuer.issue(), for: shop)
        #expect(await Fixture.code { try await redeemer.redeem(proof) } == .invalidProof)
    }

    /// The signature of a proof for the service itself covers the epoch, so the end of earlier epochs is not needed.
    @Test func proofOfTheServiceItselfNeedsNoEndOfTheEarlierEpochs() async throws {
        let bench = try Bench()
        for end in [nil, StoreTime(milliseconds: 1 << 46)] {
            bench.store.enter(ClockEpoch(rawValue: 1, previousEnd: end))
            try await bench.redeem(try await bench.verify(try await bench.issue()))
        }
    }

    /// Two processes accept each other's codes if only the ends of their earlier epochs differ.
    @Test func codesAndProofsDependOnTheNameOfTheEpochOnly() async throws {
        let bench = try Bench()
        bench.store.enter(ClockEpoch(rawValue: 1, previousEnd: StoreTime(milliseconds: 5)))
        let issued = try await bench.issue()
        bench.store.enter(ClockEpoch(rawValue: 1, previousEnd: nil))
        let proof = try await bench.verify(issued)
        bench.store.enter(ClockEpoch(rawValue: 1, previousEnd: StoreTime(milliseconds: 9)))
        try await bench.redeem(proof)
    }

    @Test func proofFollowsTheClockOfItsStore() async throws {
        let proofs = RewoundStore(ManualClock())
        let bench = try Bench(proofs: proofs)
        let first = try await bench.verify(try await bench.issue())
        let second = try await bench.verify(try await bench.issue())
        bench.store.enter(Self.next)
        try await bench.redeem(first)
        proofs.enter(Self.next)
        #expect(await Fixture.code { try await bench.redeem(second) } == .invalidProof)
        proofs.enter(ClockEpoch(rawValue: 2, previousEnd: nil))
        try await bench.redeem(try await bench.verify(try await bench.issue()))
    }

    @Test func withoutAnEpochNothingIsSentCountedOrConsumed() async throws {
        let proofs = RewoundStore(ManualClock())
        let bench = try Bench(proofs: proofs)
        let issued = try await bench.issue()
        let messages = bench.sms.messages.count
        proofs.enter(nil)
        #expect(await Fixture.code { _ = try await bench.verify(issued) } == .storeUnavailable)
        proofs.enter(.initial)
        bench.store.enter(nil)
        let (otp, token) = (bench.otp, issued.token)
        #expect(await Fixture.code { _ = try await bench.issue() } == .storeUnavailable)
        #expect(await Fixture.code { _ = try await bench.verify(issued) } == .storeUnavailable)
        #expect(
            await Fixture.code { _ = try await otp.resend(for: Fixture.number, token: token, purpose: .signIn) }
                == .storeUnavailable
        )
        #expect(await Fixture.code { _ = try await otp.status(for: Fixture.number, token: token) } == .storeUnavailable)
        #expect(await Fixture.code { try await otp.cancel(for: Fixture.number, token: token) } == .storeUnavailable)
        #expect(bench.sms.messages.count == messages)
        bench.store.enter(.initial)
        let proof = try await bench.verify(issued)
        proofs.enter(nil)
        #expect(await Fixture.code { try await bench.redeem(proof) } == .storeUnavailable)
        // A text that is not a proof is rejected without a step of the store.
        let garbage = await Fixture.code { try await otp.redeem("p2.x", for: Fixture.number, purpose: .signIn) }
        #expect(garbage == .invalidProof)
    }

    @Test func storeInMemoryStaysInTheInitialEpoch() async throws {
        let clock = ManualClock()
        let store = InMemoryOTPStore(clock: clock)
        #expect(try await store.clockEpoch() == .initial)
        clock.advance(by: .seconds(1_000_000))
        #expect(try await store.clockEpoch() == .initial)
    }

    @Test func storeThatMissesAJumpDoesNotConform() async throws {
        let store = RewoundStore(ManualClock())
        let conformance = OTPStoreConformance(store: store) { _ in }
        try await conformance.checkClockSetBack { store.enter(Self.next) }
        await #expect(throws: OTPStoreConformance.Failure.self) { try await conformance.checkClockSetBack {} }
        let leaping = OTPStoreConformance(store: store) { _ in store.enter(.initial) }
        await #expect(throws: OTPStoreConformance.Failure.self) { try await leaping.checkClockEpoch() }
    }

    @Test func storeThatForgetsTheEndOfTheEarlierEpochsDoesNotConform() async throws {
        let (time, second) = (StoreTime(milliseconds: 1_000_000), Duration.seconds(1))
        /// Runs the conformance check with a store that reports the given ends after its jumps.
        func check(_ ends: StoreTime?...) async throws {
            let store = RewoundStore(ManualClock())
            let jumps = Mutex(0)
            let conformance = ProofStoreConformance(store: store, now: { time }, advance: { _ in })
            try await conformance.checkClockSetBack {
                let jump = jumps.withLock { count in
                    defer { count += 1 }
                    return count
                }
                store.enter(ClockEpoch(rawValue: UInt64(jump + 1), previousEnd: ends[jump]))
            }
        }
        try await check(time, time)
        try await check(time + .seconds(-60), time)
        await #expect(throws: OTPStoreConformance.Failure.self) { try await check(nil, nil) }
        await #expect(throws: OTPStoreConformance.Failure.self) { try await check(time + .seconds(-61), time) }
        await #expect(throws: OTPStoreConformance.Failure.self) { try await check(time + second, time) }
        let still = RewoundStore(ManualClock())
        let conformance = ProofStoreConformance(store: still, now: { time }, advance: { _ in })
        await #expect(throws: OTPStoreConformance.Failure.self) { try await conformance.checkClockSetBack {} }
    }
}
