// SPDX-License-Identifier: Apache-2.0

import Crypto
public import Redaction
import SMSKit
import TextFormats

/// A token that a device receives after a verification, and sends with requests for later codes.
///
/// ``OTPService/deviceToken(for:)`` creates the token. Pass ``text`` to the client. The client stores it like a session cookie,
/// and sends it with later calls for the same number. The token is signed, and bound to the number and the tenant. The token
/// does not replace a code. Never log the token.
public struct DeviceToken: Sendable, Hashable {
    private static let version = "d1."

    /// The number of bytes before the key ID: 8 bytes of issue time and 32 bytes of signature.
    private static let fixedSize = 8 + 32

    /// The ID of the code key from which the signing key of the token is derived.
    let keyID: String

    /// The time of the store's clock when the number was verified.
    let issuedAt: StoreTime

    /// The signature, in a type that compares in constant time.
    let signature: SymmetricKey

    init(keyID: String, issuedAt: StoreTime, signature: [UInt8]) {
        self.keyID = keyID
        self.issuedAt = issuedAt
        self.signature = SymmetricKey(data: signature)
    }

    /// Creates a token from its text, ignoring trailing white space.
    ///
    /// The signature and the age of the token are not checked here. If the text is malformed, treat the client as a client
    /// without a token.
    ///
    /// - Parameter text: The text of a token, from its property ``text``.
    /// - Throws: ``OTPError`` with the code ``OTPError/Code/invalidToken``.
    public init(_ text: String) throws(OTPError) {
        let text = text.withoutBlankEnd
        let bytes = text.hasPrefix(Self.version) ? Base64URL.decode(text.dropFirst(Self.version.count)) : nil
        guard let bytes, (Self.fixedSize + 1...Self.fixedSize + 32).contains(bytes.count) else {
            throw OTPError(.invalidToken, "the text is not a device token of this service: treat the device as unknown")
        }
        self.init(
            keyID: String(decoding: bytes[Self.fixedSize...], as: UTF8.self),
            issuedAt: StoreTime(milliseconds: bytes[0..<8].reduce(0) { $0 << 8 | Int64($1) }),
            signature: Array(bytes[8..<Self.fixedSize])
        )
    }

    /// The token as at most 99 ASCII characters, which need no escaping in JSON, a form or a cookie.
    public var text: String {
        let time = (0..<8).reversed().map { UInt8(truncatingIfNeeded: self.issuedAt.milliseconds >> ($0 * 8)) }
        let signature = self.signature.withUnsafeBytes { Array($0) }
        return Base64URL.encode(time + signature + Array(self.keyID.utf8), after: Self.version)
    }

    /// Returns whether the token is within its lifetime at a time of the store's clock.
    ///
    /// A token whose issue time is more than one minute in the future was issued with a wrong clock, and is not current.
    func isCurrent(at now: StoreTime, lifetime: Duration) -> Bool {
        self.issuedAt <= now + StoreTime.tolerance && now < self.issuedAt + lifetime
    }

    /// Returns whether two tokens are equal.
    ///
    /// The signatures are compared in constant time.
    public static func == (left: Self, right: Self) -> Bool {
        left.keyID == right.keyID && left.issuedAt == right.issuedAt && left.signature == right.signature
    }

    /// Hashes the key ID and the issue time.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.keyID)
        hasher.combine(self.issuedAt)
    }
}

extension DeviceToken: Codable {
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

extension DeviceToken: Redacted {
    /// A placeholder instead of the token.
    public var description: String { "<redacted>" }
}
