// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import SendGuard
import Testing

/// A guard that an attacker reaches through the door of a trial.
///
/// In the trials of the library, the guard is called directly. Over HTTP, the guard belongs to a service, and all steps are
/// requests to the service.
struct GuardDoor: Sendable {
    /// A message that the guard admitted.
    struct Send {
        fileprivate var number: PhoneNumber
        fileprivate var source: SourceAddress?

        /// The token of the challenge, which is invented if the guard was called directly.
        fileprivate var token: ChallengeToken
    }

    private let sendGuard: SMSGuard
    private let gate: SendGate

    /// The service over HTTP; `nil` for the library.
    private let service: Service?

    /// Creates a door to a guard.
    init(_ sendGuard: SMSGuard, _ place: StorePlace) async throws {
        let gate = SendGate(sendGuard)
        self.sendGuard = sendGuard
        self.gate = gate
        self.service = place.kind == .http ? try await place.service { $0.sendGuard = gate } : nil
    }

    /// Requests a message from a text with an address, and returns the outcome.
    ///
    /// - Parameters:
    ///   - number: The recipient.
    ///   - address: The text; `nil` for no address.
    /// - Returns: The outcome.
    /// - Throws: An error of the guard.
    func outcome(of number: PhoneNumber, from address: String?) async throws -> TextOutcome {
        if let service { return await service.door.issue(toText: number.e164, fromText: address) }
        let source = address.map { SourceAddress($0) }
        if source == .some(nil) { return .malformedAddress }
        let request = Self.request(number, source ?? nil)
        let isAdmitted = try await self.sendGuard.reserve(request).outcome == .allow
        return isAdmitted ? .sent(try .invented()) : .refused(.blocked)
    }

    /// Requests a message, and returns it, or `nil` if the guard refuses it.
    ///
    /// If the message is refused for another reason, the test fails.
    func admit(_ number: PhoneNumber, from address: String?) async throws -> Send? {
        let outcome = try await self.outcome(of: number, from: address)
        guard case .sent(let token) = outcome else {
            try #require(outcome == .refused(.blocked), "\(outcome)")
            return nil
        }
        return Send(number: number, source: address.flatMap { SourceAddress($0) }, token: token)
    }

    /// Enters the right code or a wrong code.
    func record(_ kind: SendOutcome.Kind, of send: Send) async throws {
        guard let service else {
            let outcome = self.sendGuard.outcome(kind, of: Self.request(send.number, send.source))
            return try await self.sendGuard.record([outcome])
        }
        let code = try #require(service.sms.lastCode(to: send.number))
        let text = kind == .verified ? code : wrong(code)
        let client = ClientInfo(source: send.source)
        let error = await service.attempt(text, send.token, for: send.number, client: client)
        try #require(error?.code == (kind == .verified ? nil : .incorrectCode))
        await self.gate.flush()
    }

    private static func request(_ number: PhoneNumber, _ source: SourceAddress?) -> SendRequest {
        SendRequest(number: number, tenant: "default", purpose: "signIn", source: source)
    }
}
