// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
import SendGuard

/// The operations of a service as its callers see them: as calls of the library, or as HTTP requests.
protocol Door: Sendable {
    /// The bodies and header fields of all HTTP responses; empty for the library.
    var responses: [String] { get }

    func issue(
        for number: PhoneNumber,
        purpose: OTPPurpose,
        context: [String],
        client: ClientInfo
    ) async throws(OTPError) -> Challenge

    func resend(
        for number: PhoneNumber,
        token: ChallengeToken,
        purpose: OTPPurpose
    ) async throws(OTPError) -> Challenge

    func verify(
        _ code: String,
        for number: PhoneNumber,
        token: ChallengeToken,
        purpose: OTPPurpose,
        context: [String],
        client: ClientInfo
    ) async throws(OTPError) -> VerificationProof

    func cancel(for number: PhoneNumber, token: ChallengeToken) async throws(OTPError)

    func status(for number: PhoneNumber, token: ChallengeToken) async throws(OTPError) -> ChallengeStatus

    /// Issues a code for an unparsed number and an unparsed address.
    ///
    /// - Parameters:
    ///   - number: The text of the number.
    ///   - address: The text of the client's address; `nil` for no address.
    /// - Returns: The outcome.
    func issue(toText number: String, fromText address: String?) async -> TextOutcome
}

extension Door {
    func issue(for number: PhoneNumber, purpose: OTPPurpose) async throws(OTPError) -> Challenge {
        try await self.issue(for: number, purpose: purpose, context: [], client: ClientInfo())
    }
}

/// The outcome of a request for a code with unparsed texts.
enum TextOutcome: Equatable {
    /// A message with the code of a challenge was sent.
    case sent(ChallengeToken)
    /// The text of the number is not one phone number.
    case malformedNumber
    /// The text of the address is not one address.
    case malformedAddress
    /// The service sent no message.
    case refused(OTPError.Code)

    var isSent: Bool { if case .sent = self { true } else { false } }
}

/// The kind of the door through which a trial calls its services.
enum DoorKind: String, CaseIterable, Sendable {
    case library, http

    /// The error for a challenge without remaining attempts.
    ///
    /// A response of the HTTP service does not distinguish such a challenge from an expired one.
    var exhausted: OTPError.Code { self == .http ? .expired : .attemptsExhausted }

    /// The error for a code whose key is missing.
    ///
    /// A response of the HTTP service does not distinguish such a code from an expired one.
    var keyUnavailable: OTPError.Code { self == .http ? .expired : .keyUnavailable }

    /// Returns the number of concurrent callers in a race.
    ///
    /// Over HTTP, each caller opens a connection of its own.
    func callers(_ count: Int) -> Int { self == .http ? min(count, 50) : count }
}

/// The operations as calls of the library.
struct LibraryDoor: Door {
    let otp: OTPService

    var responses: [String] { [] }

    func issue(
        for number: PhoneNumber,
        purpose: OTPPurpose,
        context: [String],
        client: ClientInfo
    ) async throws(OTPError) -> Challenge {
        try await self.otp.issue(for: number, purpose: purpose, context: context, client: client)
    }

    func resend(
        for number: PhoneNumber,
        token: ChallengeToken,
        purpose: OTPPurpose
    ) async throws(OTPError) -> Challenge {
        try await self.otp.resend(for: number, token: token, purpose: purpose)
    }

    func verify(
        _ code: String,
        for number: PhoneNumber,
        token: ChallengeToken,
        purpose: OTPPurpose,
        context: [String],
        client: ClientInfo
    ) async throws(OTPError) -> VerificationProof {
        try await self.otp.verify(code, for: number, token: token, purpose: purpose, context: context, client: client)
    }

    func cancel(for number: PhoneNumber, token: ChallengeToken) async throws(OTPError) {
        try await self.otp.cancel(for: number, token: token)
    }

    func status(for number: PhoneNumber, token: ChallengeToken) async throws(OTPError) -> ChallengeStatus {
        try await self.otp.status(for: number, token: token)
    }

    func issue(toText number: String, fromText address: String?) async -> TextOutcome {
        guard let number = try? PhoneNumber(number) else { return .malformedNumber }
        let source = address.map { SourceAddress($0) }
        if source == .some(nil) { return .malformedAddress }
        do throws(OTPError) {
            let client = ClientInfo(source: source ?? nil)
            return .sent(try await self.otp.issue(for: number, purpose: .signIn, client: client).token)
        } catch {
            return .refused(error.code)
        }
    }
}
