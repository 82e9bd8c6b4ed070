// SPDX-License-Identifier: Apache-2.0

import InMemoryLogging
import Logging
import OTP
import OTPTesting
import SMSKit
import Testing

@Suite struct SecrecyTests {
    /// Returns the printed, the reflected and the dumped form of a value.
    private func everything(_ value: Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        return "\(value) \(String(reflecting: value)) \(dumped)"
    }

    @Test func nothingPrintsASecret() async throws {
        let fixture = try Fixture(outcome: { _ in
            .rejected(SMSError(code: "x", kind: .number, message: "refused"))
        })
        let sender = try Fixture()
        let keysText = KeyRing.makeText()
        let keys = try KeyRing(text: keysText)
        let challenge = try await sender.otp.issue(for: Fixture.number, purpose: .registration)
        let code = sender.sms.lastCode(to: Fixture.number)!
        let token = challenge.token
        let error = await sender.verify(wrong(code), token: token)
        let proof = try await sender.otp.verify(code, for: Fixture.number, token: token, purpose: .registration)
        let delivery = await #expect(throws: OTPError.self) {
            try await fixture.otp.issue(for: Fixture.number, purpose: .registration)
        }
        let text = [
            challenge, token, error as Any, proof, delivery as Any, keys, sender.sms.messages, sender.otp,
        ]
        .map(self.everything).joined(separator: "\n")
        let secrets =
            [code, token.text, String(token.text.suffix(20)), proof.token, "91234567", "6591234567"]
            + keysText.split { ":,".contains($0) }.filter { $0.count > 20 }.map(String.init)
        for secret in secrets { #expect(!text.contains(secret), "a secret is shown in: \(text)") }
    }

    @Test func logsHoldNoSecret() async throws {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .trace
        let outcomes: [SMSSendOutcome] = [
            .accepted(SMSReceipt(messageID: "1")),
            .rejected(SMSError(code: "x", kind: .number, message: "refused")),
            .unknown(SMSError(code: "timeout", kind: .transient, message: "no answer")),
        ]
        var secrets = ["91234567"]
        for outcome in outcomes {
            try await withLogger(logger) { _ in
                let fixture = try Fixture(outcome: { _ in outcome })
                let challenge = try? await fixture.otp.issue(for: Fixture.number, purpose: .registration)
                let code = fixture.sms.lastCode(to: Fixture.number)!
                secrets.append(code)
                guard let token = challenge?.token else { return }
                secrets.append(token.text)
                _ = await fixture.verify(wrong(code), token: token)
                _ = await fixture.verify(code, token: token)
            }
        }
        let log = handler.entries.map { "\($0)" }.joined(separator: "\n")
        #expect(handler.entries.count >= 6)
        for secret in secrets { #expect(!log.contains(secret), "a secret is in the log: \(log)") }
    }
}
