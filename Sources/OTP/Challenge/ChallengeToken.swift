// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
public import Redaction
import SMSKit
import TextFormats

/// The capability to use a challenge: its identifier and a secret of the client that asked for the code.
///
/// The secret is half of the key under which the code is hashed: without it, not even the store together with the server's
/// keys confirms an attempt. Hand ``text`` to that client, store it nowhere else, and never log it.
public struct ChallengeToken: Sendable, Hashable {
    private static let version = "v1."

    /// The 16 bytes of the challenge's identifier.
    let id: [UInt8]

    /// The name of the challenge in the first epoch, which almost all challenges have.
    private let initialStoreID: ChallengeID

    private let secret: SymmetricKey

    init(id: [UInt8], secret: [UInt8]) {
        self.id = id
        self.secret = SymmetricKey(data: secret)
        self.initialStoreID = Self.storeID(id, self.secret, in: .initial)
    }

    /// Returns the name of the challenge in a store.
    ///
    /// - Parameter epoch: The epoch of the store's clock: a challenge of another epoch has another name.
    /// - Returns: The name.
    func storeID(in epoch: ClockEpoch) -> ChallengeID {
        epoch == .initial ? self.initialStoreID : Self.storeID(self.id, self.secret, in: epoch)
    }

    private static func storeID(_ id: [UInt8], _ secret: SymmetricKey, in epoch: ClockEpoch) -> ChallengeID {
        var fields = FieldEncoding()
        fields.append("challenge")
        fields.append(id)
        secret.withUnsafeBytes { fields.append($0) }
        fields.append(epoch)
        return ChallengeID(bytes: fields.digest())
    }

    /// Creates the only tokenless challenge of a number, tenant and purpose, with an empty secret.
    ///
    /// The number is not hashed, because the challenge is in the record of the number. The name is therefore the same under
    /// every key, and a newer code replaces an older one during a key rotation too.
    static func tokenless(_ tenant: String, _ purpose: OTPPurpose) -> Self {
        var fields = FieldEncoding()
        fields.append("tokenless")
        fields.append(tenant)
        fields.append(purpose.rawValue)
        return Self(id: fields.digest(), secret: [])
    }

    /// Parses the text of a token and ignores trailing whitespace.
    ///
    /// - Parameter text: A value of ``text``.
    /// - Throws: ``OTPError`` with the code ``OTPError/Code/invalidToken``.
    public init(_ text: String) throws(OTPError) {
        let text = text.withoutBlankEnd
        let bytes = text.hasPrefix(Self.version) ? Base64URL.decode(text.dropFirst(Self.version.count)) : nil
        guard let bytes, bytes.count == 32 else {
            throw OTPError(.invalidToken, "the text is not a token of this service: pass the token that issue returned")
        }
        self.init(id: Array(bytes.prefix(16)), secret: Array(bytes.suffix(16)))
    }

    /// The token as text: 46 characters that need no escaping in JSON or a form.
    public var text: String {
        Base64URL.encode(self.id + self.withSecret { Array($0) }, after: Self.version)
    }

    /// Whether it names a challenge that is verified by number alone.
    var isTokenless: Bool { self.secret.bitCount == 0 }

    func withSecret<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try self.secret.withUnsafeBytes(body)
    }

    /// Returns whether two tokens are equal; compares the secrets in constant time.
    public static func == (left: Self, right: Self) -> Bool {
        left.id == right.id && left.secret == right.secret
    }

    /// Hashes the challenge's identifier.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.id)
    }
}

extension ChallengeToken: Codable {
    /// Decodes a token from its text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(container.decode(String.self))
        } catch let error as OTPError {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.message)
        }
    }

    /// Encodes the text of the token, which is secret.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.text)
    }
}

extension ChallengeToken: Redacted {
    /// A placeholder.
    public var description: String { "<redacted>" }
}
