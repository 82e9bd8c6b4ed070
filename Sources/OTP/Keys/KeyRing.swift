// SPDX-License-Identifier: Apache-2.0

public import Crypto
import Foundation
public import Redaction
package import SMSKit
import TextFormats

/// The secret keys of a service, newest first.
///
/// Code keys protect codes, and sign device tokens and proofs (the signed results of successful verifications). New codes use
/// the first code key. A code that another key of the ring protects can still be verified. After a rotation, remove the old
/// code key when all older codes and proofs have expired. If a device has a token that the removed key signed, the device is
/// unknown until it verifies its number again.
///
/// Index keys derive the names of phone-number records. A record keeps its name, so a record in continuous use needs its old
/// index key indefinitely. An unused record has no effect on any limit after 400 days, and expires after at most 401 days. If
/// you remove an index key, the service no longer finds the records whose names come from this key. The numbers of these
/// records then have no history, and disabled numbers are enabled again.
public struct KeyRing: Sendable {
    /// A named secret.
    public struct Key: Sendable {
        /// The name of the key, which is stored with all data that the key protects.
        ///
        /// The name has 1–32 letters, digits and `-_.`.
        public let id: String

        private let secret: SymmetricKey

        /// Creates a key.
        ///
        /// - Parameters:
        ///   - id: The name of the key, with 1–32 ASCII letters, digits, `-`, `_` or `.`.
        ///   - secret: The secret, with at least 256 bits from a cryptographic random generator.
        /// - Throws: ``OTPConfigurationError`` if the name is malformed or the secret is weak.
        public init(id: String, secret: SymmetricKey) throws(OTPConfigurationError) {
            let allowed = id.utf8.allSatisfy { $0.isASCIIAlphanumeric || "-_.".utf8.contains($0) }
            guard (1...32).contains(id.utf8.count), allowed else {
                throw OTPConfigurationError(
                    "keys",
                    "the name of a key must have 1 to 32 letters, digits, '-', '_' or '.'"
                )
            }
            guard secret.bitCount >= 256 else {
                throw OTPConfigurationError(
                    "keys",
                    "the key '\(id)' has fewer than 32 bytes: create one with a random generator"
                )
            }
            // The probability that 32 random bytes have fewer than 12 distinct values is below 1e-19.
            guard secret.withUnsafeBytes({ Set($0).count }) >= 12 else {
                throw OTPConfigurationError("keys", "the key '\(id)' is not random: create one with a random generator")
            }
            self.id = id
            self.secret = secret
        }

        /// Derives the key for one use (HKDF, RFC 5869).
        ///
        /// The keys for different uses are independent of each other.
        func derive(_ label: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(inputKeyMaterial: self.secret, info: Array(label.utf8), outputByteCount: 32)
        }
    }

    let codeKeys: [CodeKey]
    let indexKeys: [IndexKey]

    /// Creates a key ring.
    ///
    /// - Parameters:
    ///   - codeKeys: The keys that protect codes and proofs, newest first. At least one is required.
    ///   - indexKeys: The keys that derive the blind indexes of numbers, newest first. At least one is required.
    /// - Throws: ``OTPConfigurationError`` if a list is empty or contains a name twice.
    public init(codeKeys: [Key], indexKeys: [Key]) throws(OTPConfigurationError) {
        for (kind, keys) in [("code", codeKeys), ("index", indexKeys)] {
            guard !keys.isEmpty else { throw OTPConfigurationError("keys", "there is no \(kind) key") }
            guard Set(keys.map(\.id)).count == keys.count else {
                throw OTPConfigurationError("keys", "two \(kind) keys have the same name")
            }
        }
        self.codeKeys = codeKeys.map(CodeKey.init)
        self.indexKeys = indexKeys.map(IndexKey.init)
    }

    /// Parses a key ring from the text of the environment variable `OTP_KEYS`.
    ///
    /// - Parameter text: The entries `code/NAME:BASE64` and `index/NAME:BASE64`, separated by commas, newest first.
    /// - Throws: ``OTPConfigurationError``, which never quotes a secret.
    public init(text: String) throws(OTPConfigurationError) {
        var keys: [String: [Key]] = [:]
        for (position, entry) in text.split(separator: ",").enumerated() {
            let parts = entry.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: ":", maxSplits: 1)
            let name = parts.first?.split(separator: "/", maxSplits: 1) ?? []
            guard parts.count == 2, name.count == 2, name[0] == "code" || name[0] == "index" else {
                throw OTPConfigurationError(
                    "keys",
                    "entry \(position + 1) is not 'code/NAME:BASE64' or 'index/NAME:BASE64'"
                )
            }
            guard let secret = Data(base64Encoded: String(parts[1])) else {
                throw OTPConfigurationError("keys", "the secret of entry \(position + 1) is not base64")
            }
            keys[String(name[0]), default: []].append(try Key(id: String(name[1]), secret: SymmetricKey(data: secret)))
        }
        try self.init(codeKeys: keys["code"] ?? [], indexKeys: keys["index"] ?? [])
    }

    /// Generates the text of a key ring with one new code key and one new index key.
    ///
    /// - Returns: A secret text for ``init(text:)``.
    public static func makeText() -> String {
        ["code", "index"]
            .map { kind in
                let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
                return "\(kind)/1:\(secret.base64EncodedString())"
            }
            .joined(separator: ",")
    }

    /// Returns the blind indexes of a number for all index keys, in the order of the key ring.
    package func indexes(of number: PhoneNumber) -> PhoneNumberIndexes {
        PhoneNumberIndexes(
            self.indexKeys[0].index(of: number),
            others: self.indexKeys.count == 1 ? [] : self.indexKeys.dropFirst().map { $0.index(of: number) }
        )
    }

    /// Returns the blind indexes of a test number for all index keys, in the order of the key ring.
    package func indexes(ofTest number: PhoneNumber) -> PhoneNumberIndexes {
        PhoneNumberIndexes(
            self.indexKeys[0].index(ofTest: number),
            others: self.indexKeys.dropFirst().map { $0.index(ofTest: number) }
        )
    }

    func codeKey(_ id: String) -> CodeKey? {
        self.codeKeys.first { $0.id == id }
    }
}

extension KeyRing: Redacted {
    /// The names of the keys, without their secrets.
    public var description: String {
        "KeyRing(code: \(self.codeKeys.map(\.id)), index: \(self.indexKeys.map(\.id)))"
    }
}

extension KeyRing.Key: Redacted {
    /// The name of the key, without its secret.
    public var description: String { "Key(\(self.id))" }
}
