// SPDX-License-Identifier: Apache-2.0

import Crypto
public import Foundation
public import Redaction
import TextFormats

/// An API key as the server stores it: a name, permissions, and a hash of the secret text.
///
/// The secret text contains 256 random bits. The server does not store it, so a stolen list of keys is useless to an attacker.
public struct APIKey: Sendable, Hashable {
    /// The prefix of every secret text, by which secret scanners recognize a key.
    static let version = "ak1."

    /// The name of the key, with 1–32 letters, digits, `-` and `_`.
    public let id: String

    /// The permissions of the key.
    public let scopes: Set<APIScope>

    /// The only tenant that the key can use; `nil` for all tenants.
    public let tenant: String?

    /// The expiry of the key; `nil` if it never expires.
    public let expiresAt: Date?

    /// The SHA-256 hash of the key's secret text.
    private let hash: [UInt8]

    /// Creates a key with a random secret text.
    ///
    /// - Parameters:
    ///   - id: The name of the key, with 1–32 letters, digits, `-` and `_`.
    ///   - scopes: The permissions of the key. At least one is required.
    ///   - tenant: The only tenant that the key can use; `nil` for all tenants.
    ///   - lastDay: The last day in UTC on which the key is valid, such as `2027-01-31`; `nil` if the key never expires.
    /// - Returns: The key, and the secret text for the client. Show the text once, and do not store it.
    /// - Throws: ``APIKeyError`` if an argument is invalid.
    public static func generate(
        id: String,
        scopes: Set<APIScope>,
        tenant: String? = nil,
        lastDay: String? = nil
    ) throws(APIKeyError) -> (key: APIKey, text: String) {
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        let text = Base64URL.encode(secret, after: "\(Self.version)\(id).")
        let fields = [
            id, scopes.map(\.description).sorted().joined(separator: "+"),
            "sha256.\(Base64URL.encode(Array(Self.digest(of: text))))",
        ]
        let rest = [tenant.map { "tenant=\($0)" }, lastDay.map { "until=\($0)" }].compactMap(\.self)
        return (try Self((fields + rest).joined(separator: ":")), text)
    }

    /// Creates a key from its entry in a list of API keys.
    ///
    /// - Parameter entry: An entry such as `web:issue+verify:sha256.HASH:tenant=shop:until=2027-01-31`. The tenant and the last
    ///   day are optional.
    /// - Throws: ``APIKeyError``, whose description quotes no part of the entry.
    public init(_ entry: String) throws(APIKeyError) {
        let fields = entry.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard fields.count >= 3 else { throw APIKeyError("it is not NAME:SCOPES:sha256.HASH") }
        guard Self.isName(fields[0], 32) else {
            throw APIKeyError("its name has other characters than A-Z a-z 0-9 - _")
        }
        self.id = fields[0]
        self.scopes = try Self.scopes(fields[1])
        guard fields[2].hasPrefix("sha256."), let hash = Base64URL.decode(fields[2].dropFirst(7)), hash.count == 32
        else {
            throw APIKeyError("its hash is not 'sha256.' and 43 characters")
        }
        self.hash = hash
        var rest = fields.dropFirst(3)
        self.tenant = try Self.value("tenant=", in: &rest)
        guard self.tenant.map({ Self.isName($0, 64) }) ?? true else { throw APIKeyError("its tenant is not a name") }
        self.expiresAt = try Self.value("until=", in: &rest).map { day throws(APIKeyError) in try Self.end(of: day) }
        guard rest.isEmpty else {
            throw APIKeyError("after the hash, only tenant=NAME and until=YYYY-MM-DD may follow")
        }
    }

    /// The entry for this key in a list of API keys, with the hash of the secret text.
    public var entry: String {
        let scopes = self.scopes.map(\.description).sorted().joined(separator: "+")
        var text = "\(self.id):\(scopes):sha256.\(Base64URL.encode(self.hash))"
        if let tenant = self.tenant { text += ":tenant=\(tenant)" }
        if let end = self.expiresAt { text += ":until=\(Self.dayStyle.format(end.addingTimeInterval(-86_400)))" }
        return text
    }

    /// Adds the name of the key to a hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(self.id) }

    /// Compares a hash with the hash of this key's secret text.
    ///
    /// The operator of `SHA256Digest` takes constant time.
    func matches(_ digest: SHA256Digest) -> Bool { digest == self.hash }

    /// Returns the SHA-256 hash of a key's secret text.
    static func digest(of text: String) -> SHA256Digest {
        var (text, hash) = (text, SHA256())
        text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return hash.finalize()
    }

    /// Returns whether a text is a valid name: 1 to `limit` letters, digits, `-` and `_`.
    static func isName(_ text: some StringProtocol, _ limit: Int) -> Bool {
        (1...limit).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    private static func scopes(_ text: String) throws(APIKeyError) -> Set<APIScope> {
        let names = text.split(separator: "+", omittingEmptySubsequences: false)
        let scopes = Set(names.compactMap { APIScope($0) })
        guard scopes.count == names.count else {
            throw APIKeyError("its scopes are not some of \(APIScope.all.map(\.description).joined(separator: "+"))")
        }
        return scopes
    }

    /// Removes the first field if it begins with a prefix, and returns the rest of the field; otherwise returns `nil`.
    private static func value(_ prefix: String, in fields: inout ArraySlice<String>) throws(APIKeyError) -> String? {
        guard let field = fields.first, field.hasPrefix(prefix) else { return nil }
        fields.removeFirst()
        return String(field.dropFirst(prefix.count))
    }

    private static let dayStyle = Date.ISO8601FormatStyle().year().month().day()

    /// Returns the end of a day such as `2027-01-31` in UTC.
    private static func end(of day: String) throws(APIKeyError) -> Date {
        // The parser also accepts other formats, and dates that do not exist.
        guard let date = try? Date(day, strategy: Self.dayStyle), Self.dayStyle.format(date) == day else {
            throw APIKeyError("its last day is not a date such as 2027-01-31")
        }
        return date.addingTimeInterval(86_400)
    }
}

extension APIKey: Redacted {
    /// The name and the scopes of the key.
    public var description: String {
        "APIKey(\(self.id), \(self.scopes.map(\.description).sorted().joined(separator: "+")))"
    }
}
