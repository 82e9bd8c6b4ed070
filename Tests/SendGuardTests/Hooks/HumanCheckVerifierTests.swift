// SPDX-License-Identifier: Apache-2.0

import GuardSimulation
import OTPTesting
import SMSKit
import SendGuardTesting
import Testing

@testable import SendGuard

@Suite(.timeLimit(.minutes(1))) struct HumanCheckVerifierTests {
    private func conformance(_ check: FakeHumanCheck) throws -> HumanCheckConformance {
        HumanCheckConformance(
            check: check,
            request: try GuardFixture.request(),
            otherNumber: try GuardFixture.request(2).number,
            timeout: .milliseconds(50),
            solve: { check.solve($0) },
            setFault: { check.setFault($0) }
        )
    }

    @Test("A human check in memory passes the conformance suite") func conformance() async throws {
        try await self.conformance(FakeHumanCheck()).run()
    }

    @Test("The conformance suite finds a human check that ignores the number") func findsMissingBinding() async throws {
        let conformance = try self.conformance(FakeHumanCheck(bindsRequests: false))
        await #expect(throws: HumanCheckConformance.Failure.self) { try await conformance.checkBindings() }
    }

    @Test("A used response is refused without a call to the provider, until the provider no longer confirms it")
    func replay() async throws {
        let (check, clock) = (FakeHumanCheck(), ManualClock())
        let verifier = HumanCheckVerifier(check, hash: .forSimulations, clock: clock)
        let request = try GuardFixture.request()
        let response = check.solve(request)
        #expect(await verifier.verify(response, of: request) == .passed)
        clock.advance(by: .seconds(599))
        #expect(await verifier.verify(response, of: request) == .failed(.replayed))
        #expect(check.calls == 1)
        clock.advance(by: .seconds(1))
        #expect(await verifier.verify(response, of: request) == .passed)
        #expect(check.calls == 2)
    }

    @Test("A full memory refuses new responses and keeps the used ones") func fullMemory() async throws {
        let (check, clock) = (FakeHumanCheck(), ManualClock())
        let verifier = HumanCheckVerifier(check, hash: .forSimulations, capacity: 2, clock: clock)
        let request = try GuardFixture.request()
        let responses = (0..<3).map { _ in check.solve(request) }
        #expect(await verifier.verify(responses[0], of: request) == .passed)
        #expect(await verifier.verify(responses[1], of: request) == .passed)
        #expect(await verifier.verify(responses[2], of: request) == .failed(.overloaded))
        #expect(await verifier.verify(responses[0], of: request) == .failed(.replayed))
        clock.advance(by: .seconds(600))
        #expect(await verifier.verify(responses[2], of: request) == .passed)
    }

    @Test("Invalid responses take no memory") func invalidResponsesTakeNoMemory() async throws {
        let check = FakeHumanCheck()
        let verifier = HumanCheckVerifier(check, hash: .forSimulations, capacity: 1, clock: ManualClock())
        let request = try GuardFixture.request()
        for number in 0..<100 {
            #expect(await verifier.verify("invented-\(number)", of: request) == .failed(.rejected))
        }
        #expect(await verifier.verify(check.solve(request), of: request) == .passed)
    }

    @Test("A response may be presented again after the provider was down") func retryAfterFault() async throws {
        let check = FakeHumanCheck()
        let verifier = HumanCheckVerifier(check, hash: .forSimulations, clock: ManualClock())
        let request = try GuardFixture.request()
        let response = check.solve(request)
        check.setFault(.failing)
        #expect(await verifier.verify(response, of: request) == .failed(.unavailable))
        check.setFault(.none)
        #expect(await verifier.verify(response, of: request) == .passed)
    }

    @Test("Two verifiers with one ledger accept a response once") func sharedLedger() async throws {
        let (check, ledger) = (FakeHumanCheck(), InMemorySendLedger())
        let verifiers = (0..<2).map { _ in HumanCheckVerifier(check, hash: .forSimulations) }
        let request = try GuardFixture.request()
        let response = check.solve(request)
        #expect(await verifiers[0].verify(response, of: request, in: ledger) == .passed)
        #expect(await verifiers[1].verify(response, of: request, in: ledger) == .failed(.replayed))
        #expect(check.calls == 2)
        // The second verifier remembers the response.
        #expect(await verifiers[1].verify(response, of: request, in: ledger) == .failed(.replayed))
        #expect(check.calls == 2)
    }

    @Test("An unconfirmed response takes no room in the ledger, and a broken ledger counts as not passed")
    func brokenLedger() async throws {
        let check = FakeHumanCheck()
        let verifier = HumanCheckVerifier(check, hash: .forSimulations)
        let request = try GuardFixture.request()
        #expect(await verifier.verify("invented", of: request, in: BrokenLedger()) == .failed(.rejected))
        let response = check.solve(request)
        #expect(await verifier.verify(response, of: request, in: BrokenLedger()) == .failed(.unavailable))
        #expect(await verifier.verify(response, of: request, in: InMemorySendLedger()) == .passed)
    }

    @Test("A silent provider counts as not passed after the timeout") func silentProvider() async throws {
        let check = FakeHumanCheck()
        let verifier = HumanCheckVerifier(check, hash: .forSimulations, timeout: .milliseconds(20))
        let request = try GuardFixture.request()
        check.setFault(.silent)
        #expect(await verifier.verify(check.solve(request), of: request) == .failed(.timeout))
    }

    @Test(
        "A text that cannot be a response never reaches the provider",
        arguments: ["", "a b", "a\n", "é", "\u{7F}"]
    )
    func malformed(response: String) async throws {
        let check = FakeHumanCheck()
        let verifier = HumanCheckVerifier(check, hash: .forSimulations)
        let request = try GuardFixture.request()
        #expect(await verifier.verify(response, of: request) == .failed(.malformed))
        #expect(await verifier.verify(String(repeating: "a", count: 8_193), of: request) == .failed(.malformed))
        #expect(check.calls == 0)
    }

    @Test("The binding depends on number, tenant and purpose only, and does not contain the number")
    func binding() throws {
        let request = try GuardFixture.request()
        let binding = ScopeHash.forSimulations.humanCheckBinding(of: request)
        #expect(binding.utf8.count == 16)
        #expect(binding.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
        var same = request
        (same.source, same.signals, same.segments) = (nil, .knownNumber, 3)
        #expect(ScopeHash.forSimulations.humanCheckBinding(of: same) == binding)
        var others = [request, request, request]
        others[0].number = try GuardFixture.request(2).number
        others[1].tenant = "acmeregistration"
        others[1].purpose = ""
        others[2].purpose = "recovery"
        for other in others { #expect(ScopeHash.forSimulations.humanCheckBinding(of: other) != binding) }
    }
}

private struct BrokenLedger: ResponseLedger {
    struct Gone: Error {}

    func claimResponse(_ fingerprint: [UInt8], for lifetime: Duration) async throws -> Bool { throw Gone() }
}
