// SPDX-License-Identifier: Apache-2.0

import Crypto
public import Foundation
public import Redaction
import Synchronization
import TextFormats

/// The API keys that a server accepts.
///
/// The keys can be replaced while the server runs. A request in progress is not affected.
///
/// A class, because the server and the code that replaces the keys share it.
public final class APIKeyRing: Sendable {
    private let keys: Mutex<[String: APIKey]>
    private let now: @Sendable () -> Date

    /// A hash that no secret text has.
    ///
    /// If the name of a key is unknown, the server compares the key with this hash. Unknown and known names therefore take the
    /// same time.
    private static let unknown = [UInt8](repeating: 0, count: SHA256.byteCount)

    /// Creates a set of accepted keys.
    ///
    /// - Parameters:
    ///   - text: The entries of the keys in the format of ``APIKey/init(_:)``, separated by commas or line breaks. Lines that
    ///     begin with `#` are comments.
    ///   - now: The clock that determines whether a key has expired.
    /// - Throws: ``APIKeyError`` with the position of the first invalid entry.
    public init(text: String, now: @escaping @Sendable () -> Date = { Date() }) throws(APIKeyError) {
        self.keys = Mutex(try Self.parse(text))
        self.now = now
    }

    /// Replaces all keys.
    ///
    /// If the text is invalid, the previous keys remain accepted.
    ///
    /// - Parameter text: The entries of the new keys.
    /// - Throws: ``APIKeyError`` with the position of the first invalid entry.
    public func replace(with text: String) throws(APIKeyError) {
        let keys = try Self.parse(text)
        self.keys.withLock { $0 = keys }
    }

    /// The number of keys.
    public var count: Int { self.keys.withLock { $0.count } }

    /// The tenants of all keys that can use only one tenant.
    package var tenants: Set<String> { self.keys.withLock { Set($0.values.compactMap(\.tenant)) } }

    /// Returns the key in the value of an `Authorization` header.
    ///
    /// An unknown name takes as long as a known name, so the duration does not reveal which names exist.
    ///
    /// - Parameter header: The value, such as `Bearer ak1.web.SECRET`; `nil` if the request has no such header.
    /// - Returns: The key; `nil` if the key is unknown or has expired.
    func key(authorization header: String?) -> APIKey? {
        guard let text = header.flatMap(Self.bearerToken) else { return nil }
        let digest = APIKey.digest(of: text)
        let name = text.utf8.dropFirst(APIKey.version.utf8.count).prefix { $0 != UInt8(ascii: ".") }
        let key = self.keys.withLock { $0[String(Substring(name))] }
        let isKnown = key?.matches(digest) ?? (digest == Self.unknown)
        guard isKnown, let key, key.expiresAt.map({ self.now() < $0 }) ?? true else { return nil }
        return key
    }

    /// Returns whether a key is still valid: it was not removed, not replaced, and has not expired.
    func contains(_ key: APIKey) -> Bool {
        self.keys.withLock { $0[key.id] == key } && key.expiresAt.map { self.now() < $0 } ?? true
    }

    /// Returns the token in a header with the scheme `Bearer`.
    ///
    /// The name of the scheme is not case-sensitive.
    private static func bearerToken(_ header: String) -> String? {
        let scheme = "Bearer "
        // Nearly all clients use the usual case, for which a comparison without a closure is several times as fast.
        guard
            header.utf8.starts(with: scheme.utf8)
                || Substring(header.utf8.prefix(scheme.utf8.count)).equalsIgnoringASCIICase(scheme)
        else { return nil }
        let token = header.utf8.dropFirst(scheme.utf8.count)
        return token.count <= 128 ? String(Substring(token)) : nil
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
    /// The names of all keys, without their hashes.
    public var description: String {
        "APIKeyRing(\(self.keys.withLock { $0.keys.sorted() }.joined(separator: ", ")))"
    }
}
