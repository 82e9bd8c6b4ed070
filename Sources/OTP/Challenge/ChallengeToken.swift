// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
public import Redaction
import SMSKit
import TextFormats

/// A token that identifies a challenge and permits its use.
///
/// Pass ``text`` to the client that requested the code. Do not store this text elsewhere, and never log it.
///
/// The token contains the identifier of the challenge and a secret. The hash of the code includes the secret. Therefore the
/// contents of the store and the server's keys together do not reveal which code is right.
public struct ChallengeToken: Sendable, Hashable {
    /// The ``Lane`` of the challenge, which determines the limits that apply.
    ///
    /// A client cannot change the lane, because the challenge's ID in the store depends on the lane. A token with a changed
    /// lane identifies no challenge.
    let lane: Lane

    /// The 16 bytes that identify the challenge.
    let id: [UInt8]

    /// The ID of the challenge in a store whose clock was never set back (``ClockEpoch/initial``).
    ///
    /// The ID is a hash of three parts of the token: the identifier (``id``), the secret and the ``lane``.
    private let initialStoreID: ChallengeID

    private let secret: SymmetricKey

    init(id: [UInt8], secret: [UInt8], lane: Lane = .open) {
        self.id = id
        self.secret = SymmetricKey(data: secret)
        self.lane = lane
        self.initialStoreID = Self.storeID(id, self.secret, lane, in: .initial)
    }

    /// Returns the ID of the challenge in a store.
    ///
    /// - Parameter epoch: The current ``ClockEpoch`` of the store. An epoch ends when the clock of the store is set back. The
    ///   challenge has a different ID in each epoch.
    /// - Returns: The ID.
    func storeID(in epoch: ClockEpoch) -> ChallengeID {
        epoch == .initial ? self.initialStoreID : Self.storeID(self.id, self.secret, self.lane, in: epoch)
    }

    /// An ID of the challenge for audit events, webhooks and delivery reports, with 22 characters.
    ///
    /// The ID is a hash of the identifier and the secret. The ID is not secret, and permits no use of the challenge. The ID of
    /// a challenge never changes.
    public var challengeID: String { Base64URL.encode(self.moved(to: .open).storeID(in: .initial).bytes) }

    /// Returns a token with the same identifier and secret, but in the given ``Lane``.
    func moved(to lane: Lane) -> Self {
        guard lane != self.lane else { return self }
        return Self(id: self.id, secret: self.withSecret { Array($0) }, lane: lane)
    }

    private static func storeID(
        _ id: [UInt8],
        _ secret: SymmetricKey,
        _ lane: Lane,
        in epoch: ClockEpoch
    ) -> ChallengeID {
        var fields = FieldEncoding()
        fields.append("challenge")
        fields.append(id)
        secret.withUnsafeBytes { fields.append($0) }
        if lane == .device { fields.append("device") }
        fields.append(epoch)
        return ChallengeID(bytes: fields.digest())
    }

    /// Creates the internal token of a challenge that the client verifies without a token.
    ///
    /// The client never receives this token, and its secret is empty. The identifier depends only on the tenant and the
    /// purpose. In the store, the challenge belongs to a phone number. Therefore a newer code for the same number, tenant and
    /// purpose replaces an older code.
    static func tokenless(_ tenant: String, _ purpose: OTPPurpose) -> Self {
        var fields = FieldEncoding()
        fields.append("tokenless")
        fields.append(tenant)
        fields.append(purpose.rawValue)
        return Self(id: fields.digest(), secret: [])
    }

    /// Creates a token from its text, ignoring trailing white space.
    ///
    /// - Parameter text: The text of a token, from its property ``text``.
    /// - Throws: ``OTPError`` with the code ``OTPError/Code/invalidToken``.
    public init(_ text: String) throws(OTPError) {
        let text = text.withoutBlankEnd
        let lane = Lane.allCases.first { text.utf8.starts(with: $0.version.utf8) }
        let bytes = lane.flatMap { Base64URL.decode(Substring(text.utf8.dropFirst($0.version.utf8.count))) }
        guard let lane, let bytes, bytes.count == 32 else {
            throw OTPError(.invalidToken, "the text is not a token of this service: pass the token that issue returned")
        }
        self.init(id: Array(bytes.prefix(16)), secret: Array(bytes.suffix(16)), lane: lane)
    }

    /// The token as 46 characters, which need no escaping in JSON or a form.
    public var text: String {
        Base64URL.encode(self.id + self.withSecret { Array($0) }, after: self.lane.version)
    }

    /// Whether the token is for internal use only, because its challenge is verified without a token.
    var isTokenless: Bool { self.secret.bitCount == 0 }

    func withSecret<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try self.secret.withUnsafeBytes(body)
    }

    /// Returns whether two tokens are equal.
    ///
    /// The secrets are compared in constant time.
    public static func == (left: Self, right: Self) -> Bool {
        left.id == right.id && left.lane == right.lane && left.secret == right.secret
    }

    /// Hashes the identifier of the challenge.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.id)
    }
}

extension Lane {
    /// The first characters of a token's text, which identify the version of the format and the ``Lane``.
    fileprivate var version: String {
        switch self {
        case .open: "v1."
        case .device: "k1."
        }
    }
}

extension ChallengeToken: Codable {
    /// Decodes a token from its text.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText(Self.init)
    }

    /// Encodes the text of the token, which is secret.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.text)
    }
}

extension ChallengeToken: Redacted {
    /// A placeholder instead of the token.
    public var description: String { "<redacted>" }
}
