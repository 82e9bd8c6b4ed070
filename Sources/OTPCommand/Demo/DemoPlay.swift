// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import Foundation
import OTP
import SMSKit
import SendGuard

/// A demonstration of one verification: it sends a message, checks a wrong code, and then checks the right code twice.
struct DemoPlay {
    private struct Step: Encodable {
        var name: String
        var result: String
    }

    private struct Report: Encodable {
        var passed = true
        var store: String
        var steps: [Step]
    }

    let world: DemoWorld
    let output: Output

    func run() async throws {
        let number = try Arguments.number("+65 9123 4567", self.world.settings)
        let steps: [Step]
        switch self.world.store {
        case .redis:
            steps = try await withService(self.world.settings, for: .issue) { try await self.play($0, number) }
        case .memory:
            let parts = try ServiceParts(self.world.settings, for: .issue)
            let ledger = InMemorySendLedger()
            steps = try await parts.withService(InMemoryOTPStore(), ledger: ledger, at: "memory") {
                try await self.play($0, number)
            }
        }
        let report = Report(store: self.world.storeText, steps: steps)
        try self.output.show(report, lines: "\nAll steps passed.")
    }

    private func play(_ service: OTPService, _ number: PhoneNumber) async throws -> [Step] {
        var steps: [Step] = []
        func report(_ name: String, _ result: String) {
            steps.append(Step(name: name, result: result))
            self.output.line("\(name.padding(toLength: 16, withPad: " ", startingAt: 0))\(result)")
        }
        report("store", self.world.storeText)
        let challenge = try await service.issue(for: number, purpose: .registration)
        guard let id = challenge.delivery.messageID else {
            throw Self.failure("the gateway did not accept the message")
        }
        let token = challenge.token
        let lifetime = Duration.seconds(challenge.expiresAt.timeIntervalSinceNow).wholeSeconds
        report("issue", "a code for \(number), \(challenge.attemptsRemaining) attempts, valid \(lifetime) s")
        report("gateway", "verified the signature and accepted message \(id)")

        let filter = InboxFilter(to: number.e164)
        guard let message = await self.world.emulator.inbox.wait(for: filter, timeout: .seconds(10)),
            let code = message.code
        else { throw Self.failure("no code arrived in the inbox") }
        report("inbox", message.text)
        let count = SMSSegmentCount(of: message.text)
        report("", "\(message.segments) segment, \(message.encoding), \(count.units) characters")

        let wrong = code == "000000" ? "111111" : "000000"
        let refusal = try await Self.refusal(.incorrectCode) {
            try await service.verify(wrong, for: number, token: token, purpose: .registration)
        }
        report("wrong code", "refused, \(refusal.attemptsRemaining ?? 0) attempts left")
        let proof = try await service.verify(code, for: number, token: token, purpose: .registration)
        report("right code", "verified: \(proof.phoneNumber) for \(proof.purpose)")
        _ = try await Self.refusal(.expired) {
            try await service.verify(code, for: number, token: token, purpose: .registration)
        }
        report("same code again", "refused: a code can be used once")
        return steps
    }

    /// Runs a step that must fail, and returns its error.
    private static func refusal(
        _ code: OTPError.Code,
        _ step: () async throws -> VerificationProof
    ) async throws -> OTPError {
        do {
            _ = try await step()
        } catch let error as OTPError where error.code == code {
            return error
        }
        throw Self.failure("a code was accepted by mistake")
    }

    private static func failure(_ message: String) -> CommandFailure {
        CommandFailure(.error, "demo", message)
    }
}
