// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSEmulator
import Foundation
import OTP
import OTPTesting
import SMSKit

/// A sequence of calls to every method of a service and of its gateway client, with right and wrong values.
struct Flow {
    /// All phone numbers, texts, codes, tokens and proofs that occurred so far.
    private(set) var secrets: Set<String> = []

    private let client: AlibabaSMSClient
    private let inbox: Inbox
    private let otp: OTPService
    private let clock = ManualClock()

    init(client: AlibabaSMSClient, inbox: Inbox, keys: KeyRing) throws {
        var policy = OTPPolicy(destinations: [.singapore])
        // A code of ten digits does not occur elsewhere by chance.
        policy.format = .digits(10)
        self.client = client
        self.inbox = inbox
        self.otp = try OTPService(
            store: InMemoryOTPStore(clock: self.clock, start: Date(timeIntervalSince1970: 1_800_000_000)),
            sms: client,
            keys: keys,
            policy: policy,
            messages: try MessageTemplates(brand: "Acme")
        )
    }

    mutating func run() async throws {
        try await self.registration(of: self.number("+6591234567"))
        try await self.tokenless(of: self.number("+6598765432"))
        // The destination is not allowed.
        _ = try? await self.otp.issue(for: self.number("+4915112345678"), purpose: .registration)
        try await self.actions(to: self.number("+6581112222"))
        await self.collectMessages()
    }

    private mutating func number(_ text: String) throws -> PhoneNumber {
        self.secrets.formUnion([String(text.dropFirst()), String(text.suffix(8))])
        return try PhoneNumber(text)
    }

    /// Adds the texts and codes in the inbox to the secrets, and returns the newest code for a number.
    @discardableResult
    private mutating func collectMessages(to number: PhoneNumber? = nil) async -> String? {
        var newest: String?
        for message in await self.inbox.messages().reversed() {
            self.secrets.insert(message.text)
            for code in message.text.split(whereSeparator: { !$0.isNumber }) where code.count == 10 {
                self.secrets.insert(String(code))
                if message.to == number?.e164 { newest = String(code) }
            }
        }
        return newest
    }

    private mutating func registration(of number: PhoneNumber) async throws {
        let wrong = "0000000000"
        let challenge = try? await self.otp.issue(for: number, purpose: .registration, context: ["user-7"])
        let token = try challenge?.token ?? ChallengeToken("v1." + String(repeating: "A", count: 43))
        self.secrets.formUnion([token.text, wrong])
        _ = try? await self.otp.verify(wrong, for: number, token: token, purpose: .registration, context: ["user-7"])
        _ = try? await self.otp.status(for: number, token: token)
        self.clock.advance(by: .seconds(120))
        _ = try? await self.otp.resend(for: number, token: token, purpose: .registration, context: ["user-7"])
        let code = await self.collectMessages(to: number) ?? wrong
        for _ in 0..<2 {
            let proof = try? await self.otp.verify(
                code,
                for: number,
                token: token,
                purpose: .registration,
                context: ["user-7"]
            )
            guard let proof else { continue }
            self.secrets.insert(proof.token)
            for _ in 0..<2 {
                try? await self.otp.redeem(
                    proof.token,
                    for: number,
                    purpose: .registration,
                    context: ["user-7"]
                )
            }
        }
        try? await self.otp.redeem(token.text, for: number, purpose: .registration)
        try? await self.otp.cancel(for: number, token: token)
        try? await self.otp.unlock(for: number)
    }

    private mutating func tokenless(of number: PhoneNumber) async throws {
        _ = try? await self.otp.issueTokenless(for: number, purpose: .signIn)
        _ = try? await self.otp.issueTokenless(for: number, purpose: .signIn)
        let code = await self.collectMessages(to: number) ?? "0000000000"
        _ = try? await self.otp.verifyTokenless("12345678901", for: number, purpose: .signIn)
        _ = try? await self.otp.verifyTokenless(code, for: number, purpose: .signIn)
    }

    private func actions(to number: PhoneNumber) async throws {
        let timeout = Duration.seconds(20)
        let messages = [BatchSendMessageToGlobe.Message(to: number, text: "Your code is 1029384756")]
        let batch = await self.client.perform(BatchSendMessageToGlobe(messages), timeout: timeout)
        let id = batch.response?.messageIDs?.first ?? "1"
        _ = await self.client.perform(QueryMessage(messageID: id), timeout: timeout)
        _ = await self.client.perform(SmsConversion(messageID: id, isDelivered: true, to: number), timeout: timeout)
        _ = await self.client.perform(ConversionData(conversionRate: 0.5), timeout: timeout)
        // The client rejects these actions before it sends a request.
        _ = await self.client.perform(QueryMessage(messageID: number.e164), timeout: timeout)
        _ = await self.client.perform(SendMessageToGlobe(to: number, message: " ", from: number.e164), timeout: timeout)
    }
}
