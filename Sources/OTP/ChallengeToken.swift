import Crypto
import Foundation
public import Redaction
import SMSKit
import TextFormats

/// What the client that asked for a code must show to use it: the challenge's identifier and a secret.
///
/// The secret is the client's half of the key under which the code is hashed: without it, not even the store and the
/// server's keys together confirm a attempt. Hand ``text`` to that client, keep it nowhere, and never log it.
public struct ChallengeToken: Sendable, Hashable {
    private static let version = "v1."

    /// The 16 bytes of the challenge's identifier.
    let id: [UInt8]

    /// The name of the challenge in a store.
    let storeID: ChallengeID

    private let secret: SymmetricKey

    init(id: [UInt8], secret: [UInt8]) {
        self.id = id
        self.secret = SymmetricKey(data: secret)
        var fields = FieldEncoding()
        fields.append("challenge")
        fields.append(id)
        fields.append(secret)
        self.storeID = ChallengeID(bytes: fields.digest())
    }

    /// Creates the one challenge of a number, tenant and purpose that is verified without a token: its secret is empty.
    ///
    /// The number is not part of it, since the challenge is in the record of the number. So the challenge is the same under
    /// every key, and a newer code replaces an older one also while keys are replaced.
    static func tokenless(_ tenant: String, _ purpose: OTPPurpose) -> Self {
        var fields = FieldEncoding()
        fields.append("tokenless")
        fields.append(tenant)
        fields.append(purpose.rawValue)
        return Self(id: fields.digest(), secret: [])
    }

    /// Reads the text of a token; spaces and line breaks after it are dropped.
    ///
    /// - Parameter text: A value of ``text``.
    /// - Throws: ``OTPError`` with the code ``OTPError/Code/invalidToken``.
    public init(_ text: String) throws(OTPError) {
        let text = text.withoutBlankEnd
        let bytes = text.hasPrefix(Self.version) ? Base64URL.decode(text.dropFirst(Self.version.count)) : nil
        guard let bytes, bytes.count == 32 else {
            throw OTPError(.invalidToken, "the token is not one that this service gave out")
        }
        self.init(id: Array(bytes.prefix(16)), secret: Array(bytes.suffix(16)))
    }

    /// The token as text: 46 characters that need no escaping in JSON or a form.
    public var text: String {
        Base64URL.encode(self.id + self.withSecret { Array($0) }, after: Self.version)
    }

    /// Whether it stands for a challenge that is verified by number alone.
    var isTokenless: Bool { self.secret.bitCount == 0 }

    func withSecret<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try self.secret.withUnsafeBytes(body)
    }

    /// Whether two tokens are the same; the secrets are compared in constant time.
    public static func == (left: Self, right: Self) -> Bool {
        left.id == right.id && left.secret == right.secret
    }

    /// Hashes the challenge's identifier.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.id)
    }
}

extension ChallengeToken: Redacted {
    /// A placeholder.
    public var description: String { "<redacted>" }
}
