import Crypto
import Foundation
import SMS

/// What the client that asked for a code must show to use it: the challenge's identifier and a secret.
///
/// The secret is the client's half of the key under which the code is hashed: without it, not even the store and the
/// server's keys together confirm a guess. Hand ``text`` to that client, keep it nowhere, and never log it.
public struct ChallengeToken: Sendable, Hashable {
    private static let version = "v1."
    private static let checkLabel = Array("chk".utf8)

    /// The 16 bytes of the challenge's identifier.
    let id: [UInt8]

    /// How a store knows the challenge.
    let reference: ChallengeReference

    private let secret: SymmetricKey

    init(id: [UInt8], secret: [UInt8]) {
        self.id = id
        self.secret = SymmetricKey(data: secret)
        var hash = SHA256()
        Self.checkLabel.withUnsafeBytes { hash.update(bufferPointer: $0) }
        secret.withUnsafeBytes { hash.update(bufferPointer: $0) }
        self.reference = ChallengeReference(id: id, check: hash.finalize().withUnsafeBytes { Array($0.prefix(16)) })
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

extension ChallengeToken: CustomStringConvertible, CustomReflectable {
    /// A placeholder.
    public var description: String { "<redacted>" }

    /// A mirror without children, so that `dump` shows nothing secret.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
