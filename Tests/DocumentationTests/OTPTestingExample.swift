// SPDX-License-Identifier: Apache-2.0
// The catalogue of the module shows this file from here on.

import OTP
import OTPTesting
import SMSKit
import Testing

@Test func anExpiredCodeIsRefused() async throws {
    let clock = ManualClock()
    let sms = RecordingSMSClient()
    let otp = try OTPService(
        store: InMemoryOTPStore(clock: clock),
        sms: sms,
        keys: KeyRing(text: KeyRing.makeText()),
        policy: OTPPolicy(destinations: [.unitedKingdom]),
        messages: MessageTemplates(brand: "Acme")
    )
    let number = try PhoneNumber("+44 7700 900123")
    let challenge = try await otp.issue(for: number, purpose: .signIn)
    let code = try #require(sms.lastCode(to: number))

    clock.advance(by: .seconds(300))
    let error = await #expect(throws: OTPError.self) {
        try await otp.verify(code, for: number, token: challenge.token, purpose: .signIn)
    }
    #expect(error?.code == .expired)
}
