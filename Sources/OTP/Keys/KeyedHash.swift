// SPDX-License-Identifier: Apache-2.0

import Crypto

/// HMAC-SHA-256 with one key, for messages that begin with the same fields.
///
/// The key and the common fields are hashed once, and the resulting `HMAC` is copied for each message.
/// `HMAC.authenticationCode` would prepare the key for every message, which takes longer than the rest of a verification.
struct KeyedHash: Sendable {
    private let prepared: HMAC<SHA256>

    /// Prepares the hash.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - prefix: The fields at the beginning of all messages. Callers omit them.
    init(key: SymmetricKey, prefix: String...) {
        var fields = FieldEncoding()
        for field in prefix { fields.append(field) }
        var hash = HMAC<SHA256>(key: key)
        hash.update(data: fields.bytes)
        self.prepared = hash
    }

    /// Returns the first bytes of the authentication code of a message.
    ///
    /// - Parameters:
    ///   - fields: The fields of the message after the prefix.
    ///   - count: The number of bytes, at most 32.
    /// - Returns: The bytes.
    func callAsFunction(_ fields: FieldEncoding, count: Int = SHA256.byteCount) -> [UInt8] {
        var hash = self.prepared
        hash.update(data: fields.bytes)
        return hash.finalize().withUnsafeBytes { Array(UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
    }
}
