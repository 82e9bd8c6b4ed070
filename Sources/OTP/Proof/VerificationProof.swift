// SPDX-License-Identifier: Apache-2.0

public import Foundation
public import Redaction
public import SMSKit

/// A signed statement that a user controls a phone number.
///
/// The caller of `verify` can trust the value. Another service must redeem ``token`` with
/// ``OTPService/redeem(_:for:purpose:context:)``. Never trust a client's claim that its number is verified.
public struct VerificationProof: Sendable, Hashable {
    /// The verified number.
    public let phoneNumber: PhoneNumber

    /// The purpose of the verification.
    public let purpose: OTPPurpose

    /// The group of services that may redeem the proof.
    public let audience: ProofAudience

    /// The expiry of the proof.
    public let expiresAt: Date

    /// The signed proof as text.
    ///
    /// The text is secret until the proof is redeemed.
    public let token: String

    /// Creates a proof, for the tests of an application.
    ///
    /// - Parameters:
    ///   - phoneNumber: The verified number.
    ///   - purpose: The purpose of the verification.
    ///   - audience: The group of services that may redeem the proof.
    ///   - expiresAt: The expiry of the proof.
    ///   - token: The text of the proof. `redeem` accepts only texts that a service has signed.
    public init(
        phoneNumber: PhoneNumber,
        purpose: OTPPurpose,
        audience: ProofAudience = .default,
        expiresAt: Date,
        token: String
    ) {
        self.phoneNumber = phoneNumber
        self.purpose = purpose
        self.audience = audience
        self.expiresAt = expiresAt
        self.token = token
    }
}

extension VerificationProof: Codable {
    private enum CodingKeys: CodingKey { case phoneNumber, purpose, audience, expiresAt, token }

    /// Decodes a proof.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let number = PhoneNumber(e164: try container.decode(String.self, forKey: .phoneNumber)) else {
            throw DecodingError.dataCorruptedError(
                forKey: .phoneNumber,
                in: container,
                debugDescription: "not a phone number in E.164 form"
            )
        }
        self.phoneNumber = number
        self.purpose = try container.decode(OTPPurpose.self, forKey: .purpose)
        self.audience = try container.decode(ProofAudience.self, forKey: .audience)
        self.expiresAt = try container.decode(Date.self, forKey: .expiresAt)
        self.token = try container.decode(String.self, forKey: .token)
    }

    /// Encodes the proof, including the full number and the token.
    ///
    /// Treat the encoded proof as a secret.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.phoneNumber.e164, forKey: .phoneNumber)
        try container.encode(self.purpose, forKey: .purpose)
        try container.encode(self.audience, forKey: .audience)
        try container.encode(self.expiresAt, forKey: .expiresAt)
        try container.encode(self.token, forKey: .token)
    }
}

extension VerificationProof: Redacted {
    /// The masked number and the purpose, without the token.
    public var description: String { "VerificationProof(\(self.phoneNumber), \(self.purpose.rawValue))" }
}
