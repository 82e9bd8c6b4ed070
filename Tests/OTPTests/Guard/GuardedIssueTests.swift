// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import OTPTesting
import SMSKit
import SendGuard
import Testing

/// Tests of the decisions of the guard before a send.
@Suite(.timeLimit(.minutes(1))) struct GuardedIssueTests {
    @Test func admittedSendIsCountedByTheGuardOnce() async throws {
        let bench = try GuardBench()
        #expect(await bench.issue() == nil)
        #expect(try await bench.record(.service)?.sent == 1)
        #expect(try await bench.record(.source)?.unverified.level == 1)
        #expect(bench.ledger.calls == [.reserve])
        #expect(bench.sms.messages.count == 1)
    }

    @Test func blockedSendReachesNeitherTheStoreNorTheGateway() async throws {
        let bench = try GuardBench(budget: 1)
        #expect(await bench.issue() == nil)
        let error = await bench.issue(Fixture.otherNumber)
        #expect(error?.code == .blocked)
        #expect(bench.sms.messages.count == 1)
        #expect(try await bench.record(.service)?.sent == 1)
        // The store would refuse a second message to a number that it had counted.
        let unguarded = try Fixture(store: bench.fixture.store)
        _ = try await unguarded.issue(for: Fixture.otherNumber)
    }

    @Test func refusalStatesTheWaitButNoRule() async throws {
        let bench = try GuardBench(budget: 0)
        let error = try #require(await bench.issue())
        #expect(error.code == .blocked && error.httpStatus == 429)
        let wait = try #require(error.retryAfterSeconds)
        #expect((1...86_400).contains(wait))
        let words = GuardRule.standard.map { "\($0.name)" } + ["budget", "money", "region"]
        for word in words { #expect(!"\(error)".contains(word), "\(error)") }
    }

    @Test func challengeAsksForAHumanCheck() async throws {
        let bench = try GuardBench(
            humanCheck: FakeHumanCheck(),
            policy: {
                $0[.init(.unverified, .block)]?.threshold = .bucket(
                    .init(capacity: 1, checkedCapacity: 2, pause: 900, credit: 2)
                )
            }
        )
        #expect(await bench.issue() == nil)
        let neighbour = PhoneNumber(e164: "+6591234568")!
        let error = await bench.issue(neighbour)
        #expect(error?.code == .humanCheckRequired)
        #expect(error?.httpStatus == 403)
        #expect(bench.sms.messages.count == 1)
    }

    @Test func knownNumberPassesABreaker() async throws {
        let bench = try GuardBench(policy: {
            $0[.init(.unverified, .source)]?.threshold = .bucket(
                .init(capacity: 1, checkedCapacity: 1, pause: 900, credit: 2)
            )
        })
        #expect(await bench.issue(GuardBench.number(1)) == nil)
        #expect(await bench.issue(GuardBench.number(2))?.code == .blocked)
        var known = GuardBench.client()
        known.isKnownNumber = true
        #expect(await bench.issue(GuardBench.number(2), client: known) == nil)
    }

    @Test func clientsWithoutAnAddressAreOneSource() async throws {
        let bench = try GuardBench(policy: {
            $0[.init(.unverified, .source)]?.threshold = .bucket(
                .init(capacity: 2, checkedCapacity: 2, pause: 900, credit: 2)
            )
        })
        var errors: [OTPError.Code?] = []
        for number in 0..<3 { errors.append(await bench.issue(GuardBench.number(number), client: ClientInfo())?.code) }
        #expect(errors == [nil, nil, .blocked])
    }

    @Test func destinationIsCheckedBeforeTheGuard() async throws {
        let bench = try GuardBench()
        let abroad = try PhoneNumber("+44 7400 123456")
        #expect(await bench.issue(abroad)?.code == .destinationNotAllowed)
        #expect(bench.ledger.calls.isEmpty)
    }

    @Test func brokenLedgerStopsEverySend() async throws {
        let bench = try GuardBench()
        bench.ledger.fail([.reserve])
        #expect(await bench.issue()?.code == .storeUnavailable)
        await #expect(throws: OTPError.self) {
            try await bench.otp.issueTokenless(for: Fixture.number, purpose: .registration)
        }
        #expect(bench.sms.messages.isEmpty)
        // The store counted nothing: the first message of the number has no cooldown.
        bench.ledger.fail([])
        #expect(await bench.issue() == nil)
    }

    @Test func brokenStoreReleasesTheCountAndSendsNothing() async throws {
        let bench = try GuardBench()
        let sms = RecordingSMSClient()
        let otp = try Fixture.service(on: BrokenStore(), sms: sms, sendGuard: bench.gate)
        await #expect(throws: OTPError.self) {
            try await otp.issue(for: Fixture.number, purpose: .registration, client: GuardBench.client())
        }
        #expect(try await bench.record(.service)?.sent == 0)
        #expect(try await bench.record(.source)?.unverified.level == 0)
        #expect(sms.messages.isEmpty)
    }

    @Test func cooldownOfANumberReleasesTheCountBehindTheReply() async throws {
        let bench = try GuardBench()
        #expect(await bench.issue() == nil)
        bench.ledger.hold([.release])
        #expect(await bench.issue()?.code == .rateLimited)
        bench.ledger.release()
        #expect(try await bench.record(.service)?.sent == 1)
        #expect(bench.ledger.calls == [.reserve, .reserve, .release])
    }

    @Test func definiteRejectionReleasesTheCount() async throws {
        let bench = try GuardBench(outcome: { _ in
            .rejected(SMSError(code: "MOBILE_NUMBER_ILLEGAL", kind: .number, message: "no"))
        })
        #expect(await bench.issue()?.code == .deliveryFailed)
        #expect(try await bench.record(.service)?.sent == 0)
        #expect(try await bench.record(.block)?.unverified.level == 0)
    }

    @Test func unknownOutcomeKeepsTheCount() async throws {
        let bench = try GuardBench(outcome: { _ in
            .unknown(SMSError(code: "timeout", kind: .transient, message: "no reply"))
        })
        #expect(await bench.issue() == nil)
        #expect(try await bench.record(.service)?.sent == 1)
        #expect(bench.ledger.calls == [.reserve])
    }

    @Test func tooManyPendingSendsAskNoGuard() async throws {
        let (released, release) = AsyncStream<Void>.makeStream()
        let bench = try GuardBench(
            otp: { ($0.maximumOverdueSends, $0.maximumPendingSends) = (1, 1) },
            outcome: { _ in
                for await _ in released {}
                return .accepted(SMSReceipt(messageID: "m1"))
            }
        )
        async let first = bench.issue()
        while bench.sms.messages.isEmpty { await Task.yield() }
        #expect(await bench.issue(Fixture.otherNumber)?.code == .deliveryFailed)
        release.finish()
        #expect(await first == nil)
        #expect(bench.ledger.calls == [.reserve])
    }

    @Test func resendPassesTheGuard() async throws {
        let bench = try GuardBench(budget: 2)
        let token = try await bench.otp.issue(for: Fixture.number, purpose: .registration).token
        for expected in [OTPError.Code?.none, .blocked] {
            bench.fixture.clock.advance(by: .seconds(120))
            #expect(await Fixture.code { _ = try await bench.resend(token) } == expected)
        }
        #expect(bench.sms.messages.count == 2)
    }

    @Test func resendOfNoLiveChallengeReleasesTheCount() async throws {
        let bench = try GuardBench()
        let token = try await bench.otp.issue(for: Fixture.otherNumber, purpose: .registration).token
        #expect(await Fixture.code { _ = try await bench.resend(token) } == .expired)
        #expect(try await bench.record(.service)?.sent == 1)
    }

    @Test func cancelledTaskReservesNothing() async throws {
        let bench = try GuardBench()
        let error = await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await bench.issue()
        }
        .value
        #expect(error?.code == .cancelled)
        #expect(bench.ledger.calls.isEmpty)
    }

    @Test func sendOfATaskThatIsCancelledDuringTheDecisionRunsToItsEnd() async throws {
        let bench = try GuardBench()
        bench.ledger.hold([.reserve])
        let task = Task { await bench.issue() }
        while bench.ledger.waiting == 0 { await Task.yield() }
        task.cancel()
        bench.ledger.release()
        #expect(await task.value == nil)
        #expect(bench.sms.messages.count == 1)
        #expect(try await bench.record(.service)?.sent == 1)
    }

    @Test func concurrentSendsNeverExceedTheBudget() async throws {
        let bench = try GuardBench(budget: 10)
        for number in 0..<9 { #expect(await bench.issue(GuardBench.number(number)) == nil) }
        let errors = await withTaskGroup(of: OTPError.Code?.self) { group in
            for number in 100..<1_100 {
                let phone = PhoneNumber(e164: "+6598\(10_000 + number)9")!
                group.addTask { await bench.issue(phone, client: GuardBench.client(number))?.code }
            }
            return await group.reduce(into: [OTPError.Code?: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(errors == [nil: 1, .blocked: 999])
        #expect(bench.sms.messages.count == 10)
    }
}

extension GuardBench {
    fileprivate func resend(_ token: ChallengeToken) async throws -> Challenge {
        try await self.otp.resend(for: Fixture.number, token: token, purpose: .registration, client: Self.client())
    }
}
