// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SendGuard
import SendGuardTesting
import Synchronization
import Testing

/// A risk assessor with a configurable assessment of each number.
private final class FakeRiskAssessor: RiskAssessor {
    struct Unavailable: Error {}

    private let fault = Mutex(HookFault.none)
    private let verdicts: [PhoneNumber: RiskAssessment]

    init(_ verdicts: [PhoneNumber: RiskAssessment]) { self.verdicts = verdicts }

    func setFault(_ fault: HookFault) { self.fault.withLock { $0 = fault } }

    func assess(_ request: SendRequest) async throws -> RiskAssessment {
        let fault = self.fault.withLock { $0 }
        if fault == .silent { try await Task.sleep(for: .seconds(3600)) }
        guard fault == .none else { throw Unavailable() }
        return self.verdicts[request.number] ?? .allow
    }
}

@Suite(.timeLimit(.minutes(1))) struct RiskGateTests {
    private func assessor() throws -> FakeRiskAssessor {
        FakeRiskAssessor([
            try GuardFixture.request(1).number: .allow,
            try GuardFixture.request(2).number: .stepUp(.simChanged),
            try GuardFixture.request(3).number: .deny(.voip),
        ])
    }

    @Test("Each verdict of an assessor arrives, and a fault leaves the verdict to the policy") func conformance()
        async throws
    {
        let assessor = try self.assessor()
        let conformance = RiskAssessorConformance(
            assessor: assessor,
            expected: [
                (try GuardFixture.request(1), .allow), (try GuardFixture.request(2), .stepUp),
                (try GuardFixture.request(3), .deny),
            ],
            timeout: .milliseconds(50)
        ) { assessor.setFault($0) }
        try await conformance.run()
    }

    @Test("The conformance suite finds a wrong verdict") func findsWrongVerdict() async throws {
        let conformance = RiskAssessorConformance(
            assessor: try self.assessor(),
            expected: [(try GuardFixture.request(3), .allow)]
        ) { _ in }
        await #expect(throws: RiskAssessorConformance.Failure.self) { try await conformance.checkVerdicts() }
    }

    @Test("By default, an assessor that fails asks for a stronger proof") func defaultFallback() async throws {
        let assessor = try self.assessor()
        assessor.setFault(.failing)
        #expect(await RiskGate(assessor).assess(try GuardFixture.request()) == .stepUp(.unavailable))
    }

    @Test("A reason that cannot serve as a label is refused", arguments: ["", "1a", "a b", "é", "+6591234567", "a\n"])
    func invalidReason(name: String) {
        #expect(RiskReason(name) == nil)
    }

    @Test("A reason of the operator keeps its name") func ownReason() {
        #expect(RiskReason("call-forwarding")?.description == "call-forwarding")
    }
}
