// SPDX-License-Identifier: Apache-2.0

import DerivedKeys
import Foundation
import Logging
import OTP
import OTPTesting
import SMSKit
import SendGuard
import Testing

/// The settings of a service.
struct ServiceSetup: Sendable {
    var policy = OTPPolicy(destinations: [.singapore])
    var keys: KeyRing
    var tenant = "default"
    var sendGuard: SendGate?
    var audit: AuditTrail?
    var randomness = Randomness.system

    /// The gateway client; `nil` for a client that records messages.
    var gateway: (any SMSClient)?

    /// Whether each request for a message has an idempotency key, if the trial calls the service over HTTP.
    var hasIdempotencyKeys = false

    /// The logger of the HTTP service, if the trial calls the service over HTTP.
    var logger = Logger(label: "otp-server") { _ in SwiftLogNoOpLogHandler() }
}

/// A service with a gateway that records messages.
struct Service: Sendable {
    static let number = PhoneNumber(e164: "+6591234567")!
    static let otherNumber = PhoneNumber(e164: "+6598765432")!

    /// The service in this process, for operations that HTTP does not have.
    let otp: OTPService
    /// The operations of the service, as calls of the library or as HTTP requests.
    let door: any Door
    let sms: RecordingSMSClient

    /// A challenge with its sent code.
    struct Sent: Sendable {
        var token: ChallengeToken
        var code: String
    }

    /// Issues a code.
    func issue(
        for number: PhoneNumber = Self.number,
        purpose: OTPPurpose = .signIn,
        context: [String] = [],
        client: ClientInfo = ClientInfo()
    ) async throws -> Sent {
        let challenge = try await self.door.issue(for: number, purpose: purpose, context: context, client: client)
        return Sent(token: challenge.token, code: try #require(self.sms.lastCode(to: number)))
    }

    /// Returns the error of an issue, or `nil` if a message was sent.
    func issueError(
        for number: PhoneNumber = Self.number,
        purpose: OTPPurpose = .signIn,
        client: ClientInfo = ClientInfo()
    ) async -> OTPError? {
        await Self.error { () async throws(OTPError) in
            _ = try await self.door.issue(for: number, purpose: purpose, context: [], client: client)
        }
    }

    /// Returns the error of an attempt, or `nil` if the code is right.
    func attempt(
        _ code: String,
        _ token: ChallengeToken,
        for number: PhoneNumber = Self.number,
        purpose: OTPPurpose = .signIn,
        context: [String] = [],
        client: ClientInfo = ClientInfo()
    ) async -> OTPError? {
        await Self.error { () async throws(OTPError) in
            _ = try await self.door.verify(
                code,
                for: number,
                token: token,
                purpose: purpose,
                context: context,
                client: client
            )
        }
    }

    /// Makes wrong attempts, and returns the number of attempts that the service compared with the code.
    func guess(_ count: Int, against sent: Sent, for number: PhoneNumber = Self.number) async -> Int {
        var compared = 0
        for step in 0..<count
        where await self.attempt(wrong(sent.code, by: 1 + step), sent.token, for: number)?.code == .incorrectCode {
            compared += 1
        }
        return compared
    }

    /// Verifies a number, and returns the proof.
    func proof(of sent: Sent, for number: PhoneNumber = Self.number) async throws -> VerificationProof {
        try await self.door.verify(
            sent.code,
            for: number,
            token: sent.token,
            purpose: .signIn,
            context: [],
            client: ClientInfo()
        )
    }

    /// Returns the error of a call, or `nil` if the call succeeds.
    static func error(_ call: () async throws(OTPError) -> Void) async -> OTPError? {
        do throws(OTPError) {
            try await call()
            return nil
        } catch {
            return error
        }
    }
}

extension StorePlace {
    /// Creates a service, and starts its HTTP service if the trial calls it over HTTP.
    ///
    /// - Parameters:
    ///   - store: The store of the service; `nil` for the store of the test.
    ///   - sms: The recording client.
    ///   - change: A change of the settings.
    /// - Returns: The service with its recording client.
    /// - Throws: An error of a setting that is out of range, or of the HTTP service.
    func service(
        on store: (any ServiceStore)? = nil,
        sms: RecordingSMSClient = RecordingSMSClient(),
        _ change: (inout ServiceSetup) throws -> Void = { _ in }
    ) async throws -> Service {
        var setup = ServiceSetup(keys: try .test())
        try change(&setup)
        let store = store ?? self.store
        let otp = try OTPService(
            store: store,
            proofs: store,
            sms: setup.gateway ?? sms,
            keys: setup.keys,
            policy: setup.policy,
            messages: try MessageTemplates(brand: "Acme"),
            tenant: setup.tenant,
            sendGuard: setup.sendGuard,
            audit: setup.audit,
            randomness: setup.randomness,
            clock: ContinuousClock()
        )
        let idempotency = setup.hasIdempotencyKeys ? self.idempotency : nil
        let door = try await self.door(to: otp, idempotency: idempotency, logger: setup.logger)
        return Service(otp: otp, door: door, sms: sms)
    }

    /// Returns the door of the trial to a service.
    func door(
        to otp: OTPService,
        idempotency: (any IdempotencyStore)? = nil,
        logger: Logger = Logger(label: "otp-server") { _ in SwiftLogNoOpLogHandler() }
    ) async throws -> any Door {
        switch self.kind {
        case .library: LibraryDoor(otp: otp)
        case .http: try await self.servers.start(otp, idempotency: idempotency, logger: logger)
        }
    }
}

extension KeyRing {
    /// Creates a key ring whose secrets are derived from the names of the keys.
    static func test(code: [String] = ["k1"], index: [String] = ["i1"]) throws -> KeyRing {
        try .derived(code: code, index: index)
    }
}

/// Returns a code that differs from another code in its last two digits.
func wrong(_ code: String, by step: Int = 1) -> String {
    let number = ((Int(code.suffix(2)) ?? 0) + step) % 100
    return code.dropLast(2) + (number < 10 ? "0" : "") + String(number)
}
