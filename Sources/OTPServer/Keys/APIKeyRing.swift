// SPDX-License-Identifier: Apache-2.0

import Crypto
public import Foundation
public import Redaction
import Synchronization

/// The API keys that a server accepts.
///
/// The keys can be replaced while the server runs. A request that has begun keeps its key.
///
/// A class, because the server and the code that replaces the keys share it.
public final class APIKeyRing: Sendable {
    private let keys: Mutex<[String: APIKey]>
    private let now: @Sendable () -> Date

    /// A hash that no text has.
    ///
    /// If the name of a key is unknown, the server compares the hash of the key with this hash. The check then takes as long as
    /// for a known name.
    private static let unknown = SymmetricKey(data: [UInt8](repeating: 0, count: 32))

    /// Creates a ring.
    ///
    /// - Parameters:
    ///   - text: The entries of the keys, see ``APIKey/init(_:)``, separated by commas or line breaks. Lines that begin with
    ///     `#` are comments.
    ///   - now: The clock that decides about the expiry of keys.
    /// - Throws: ``APIKeyError`` with the position of the invalid entry.
    public init(text: String, now: @escaping @Sendable () -> Date = { Date() }) throws(APIKeyError) {
        self.keys = Mutex(try Self.parse(text))
        self.now = now
    }

    /// Replaces all keys.
    ///
    /// If the text is invalid, the ring keeps its keys.
    ///
    /// - Parameter text: The entries of the new keys.
    /// - Throws: ``APIKeyError`` with the position of the invalid entry.
    public func replace(with text: String) throws(APIKeyError) {
        let keys = try Self.parse(text)
        self.keys.withLock { $0 = keys }
    }

    /// The number of keys.
    public var count: Int { self.keys.withLock { $0.count } }

    /// The tenants that keys are limited to.
    package var tenants: Set<String> { self.keys.withLock { Set($0.values.compactMap(\.tenant)) } }

    /// Returns the key for the value of an `Authorization` header.
    ///
    /// The text is hashed and compared even if no key has its name, so that the time does not depend on the name.
    ///
    /// - Parameter header: The value, such as `Bearer ak1.web.SECRET`; `nil` if the request has no such header.
    /// - Returns: The key, or `nil` if it is unknown or has expired.
    func key(authorization header: String?) -> APIKey? {
        guard let text = header.flatMap(Self.bearerToken) else { return nil }
        let digest = SymmetricKey(data: APIKey.digest(of: String(text)))
        let name = text.dropFirst(APIKey.version.count).prefix { $0 != "." }
        let key = self.keys.withLock { $0[String(name)] }
        let isKnown = key?.matches(digest) ?? (Self.unknown == digest)
        guard isKnown, let key, key.expiresAt.map({ self.now() < $0 }) ?? true else { return nil }
        return key
    }

    /// Returns whether the ring contains a key that has not expired.
    func contains(_ key: APIKey) -> Bool {
        self.keys.withLock { $0[key.id] == key } && key.expiresAt.map { self.now() < $0 } ?? true
    }

    /// Returns the token of the scheme `Bearer`, whose name is not case-sensitive.
    private static func bearerToken(_ header: String) -> Substring? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= 128 else { return nil }
        return parts[1]
    }

    private static func parse(_ text: String) throws(APIKeyError) -> [String: APIKey] {
        var keys: [String: APIKey] = [:]
        var position = 0
        for line in text.split(whereSeparator: \.isNewline) where !line.drop(while: \.isWhitespace).hasPrefix("#") {
            for part in line.split(separator: ",") {
                let entry = part.filter { !$0.isWhitespace }
                guard !entry.isEmpty else { continue }
                position += 1
                let key: APIKey
                do throws(APIKeyError) {
                    key = try APIKey(entry)
                } catch {
                    throw APIKeyError("entry \(position): \(error)")
                }
                guard keys.updateValue(key, forKey: key.id) == nil else {
                    throw APIKeyError("entry \(position): an earlier key has the same name")
                }
            }
        }
        guard !keys.isEmpty else { throw APIKeyError("there is no key") }
        return keys
    }
}

extension APIKeyRing: Redacted {
    /// The names of the keys.
    public var description: String {
        "APIKeyRing(\(self.keys.withLock { $0.keys.sorted() }.joined(separator: ", ")))"
    }
}
