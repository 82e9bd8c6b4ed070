// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import SendGuard
import Testing

/// Tests of the human check and the risk assessor of a gate.
@Suite(.timeLimit(.minutes(1))) struct GuardHookTests {
    /// Changes a policy so that each source needs a human check after its first send.
    private static func full(_ policy: inout GuardPolicy) {
        policy[.init(.unverified, .source)]?.threshold = .bucket(
            .init(capacity: 1, checkedCapacity: 3, pause: 900, credit: 2)
        )
    }

    private static func client(_ response: String?) -> ClientInfo {
        var client = GuardBench.client()
        client.humanCheckResponse = response
        return client
    }

    /// Issues a code with a response to the human check, and returns the code of the error.
    private static func issue(_ bench: GuardBench, _ number: Int, _ response: String?) async -> OTPError.Code? {
        await bench.issue(GuardBench.number(number), client: Self.client(response))?.code
    }

    @Test func passedCheckRaisesTheCapacityOfABreaker() async throws {
        let check = FakeHumanCheck()
        let bench = try GuardBench(humanCheck: check, policy: Self.full)
        #expect(await Self.issue(bench, 1, nil) == nil)
        #expect(await Self.issue(bench, 2, nil) == .humanCheckRequired)
        #expect(await Self.issue(bench, 2, "solved") == nil)
        let request = try #require(check.requests.first)
        #expect(check.requests.count == 1)
        #expect(request.number == GuardBench.number(2) && request.purpose == "registration")
        #expect(request.tenant == "default" && request.source == GuardBench.client().source)
    }

    @Test func responseCountsOnce() async throws {
        let bench = try GuardBench(humanCheck: FakeHumanCheck(), policy: Self.full)
        #expect(await Self.issue(bench, 1, nil) == nil)
        #expect(await Self.issue(bench, 2, "solved") == nil)
        #expect(await Self.issue(bench, 3, "solved") == .humanCheckRequired)
        #expect(await Self.issue(bench, 3, "solved again") == .humanCheckRequired)
        #expect(await Self.issue(bench, 3, "solved-again") == nil)
    }

    @Test func checkDoesNotCountIfTheLedgerFails() async throws {
        let bench = try GuardBench(humanCheck: FakeHumanCheck(), policy: Self.full)
        #expect(await Self.issue(bench, 1, nil) == nil)
        bench.ledger.fail([.claim])
        #expect(await Self.issue(bench, 2, "solved") == .humanCheckRequired)
        bench.ledger.fail([])
        #expect(await Self.issue(bench, 2, "solved") == nil)
    }

    @Test func failedCheckCountsAsNone() async throws {
        for check in [FakeHumanCheck(), FakeHumanCheck(isDown: true)] {
            let bench = try GuardBench(humanCheck: check, policy: Self.full)
            #expect(await Self.issue(bench, 1, "wrong") == nil)
            #expect(await Self.issue(bench, 2, "wrong-too") == .humanCheckRequired)
        }
    }

    @Test func deniedRequestUsesUpNoResponseAndNoBudget() async throws {
        let check = FakeHumanCheck()
        let bench = try GuardBench(
            humanCheck: check,
            riskAssessor: FakeRiskAssessor(assessment: .deny(.simChanged))
        )
        #expect(await Self.issue(bench, 1, "solved") == .blocked)
        #expect(check.requests.isEmpty && bench.ledger.calls.isEmpty && bench.sms.messages.isEmpty)
    }

    @Test func stepUpRequiresAHumanCheck() async throws {
        let assessor = FakeRiskAssessor(assessment: .stepUp(.voip))
        let bench = try GuardBench(humanCheck: FakeHumanCheck(), riskAssessor: assessor)
        #expect(await Self.issue(bench, 1, nil) == .humanCheckRequired)
        #expect(await Self.issue(bench, 1, "wrong") == .humanCheckRequired)
        #expect(bench.ledger.calls.isEmpty)
        #expect(await Self.issue(bench, 1, "solved") == nil)
        let without = try GuardBench(riskAssessor: assessor)
        #expect(await Self.issue(without, 1, "solved") == .blocked)
    }

    @Test func assessorThatFailsStepsUp() async throws {
        let bench = try GuardBench(humanCheck: FakeHumanCheck(), riskAssessor: FakeRiskAssessor(assessment: nil))
        #expect(await Self.issue(bench, 1, nil) == .humanCheckRequired)
        #expect(await Self.issue(bench, 1, "solved") == nil)
    }

    @Test func allowedRequestStillMeetsTheGuard() async throws {
        let bench = try GuardBench(budget: 0, riskAssessor: FakeRiskAssessor(assessment: .allow))
        #expect(await Self.issue(bench, 1, nil) == .blocked)
        #expect(bench.ledger.calls == [.reserve])
    }

    @Test func policyAndHumanCheckMustAgree() throws {
        for (check, isInPolicy) in [(FakeHumanCheck?.none, true), (FakeHumanCheck(), false)] {
            let error = #expect(throws: OTPConfigurationError.self) {
                try GuardBench(humanCheck: check, policy: { $0.hasHumanCheck = isInPolicy })
            }
            #expect(error?.setting == "sendGuard")
        }
    }
}
