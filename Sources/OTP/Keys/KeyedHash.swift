// SPDX-License-Identifier: Apache-2.0

import Crypto

/// HMAC-SHA-256 (RFC 2104) under one key.
///
/// The two hash states that depend only on the key are computed once, as section 4 of the RFC suggests. All inputs of an
/// instance begin with the same fields. These fields are also hashed only once. The type is faster than `HMAC` of swift-crypto.
/// A test compares the hashes with those of `HMAC`.
struct KeyedHash: Sendable {
    private let inner: SHA256
    private let outer: SHA256

    /// Computes the hash states for a key and a prefix.
    ///
    /// - Parameters:
    ///   - key: The key, which must not be longer than a block of SHA-256.
    ///   - prefix: The fields at the beginning of all inputs. Callers do not pass these fields again.
    init(key: SymmetricKey, prefix: String...) {
        // All keys are derived by HKDF, and have 32 bytes.
        precondition(key.bitCount <= SHA256.blockByteCount * 8, "a key is longer than a block")
        func state(_ pad: UInt8) -> SHA256 {
            var block = key.withUnsafeBytes { key in key.map { $0 ^ pad } }
            block += [UInt8](repeating: pad, count: SHA256.blockByteCount - block.count)
            var hash = SHA256()
            hash.update(data: block)
            return hash
        }
        var fields = FieldEncoding()
        for field in prefix { fields.append(field) }
        var inner = state(0x36)
        inner.update(data: fields.bytes)
        self.inner = inner
        self.outer = state(0x5C)
    }

    /// Returns the first bytes of the authentication code of an input.
    ///
    /// - Parameters:
    ///   - fields: The fields after the prefix.
    ///   - count: The number of bytes, at most 32.
    /// - Returns: The bytes.
    func callAsFunction(_ fields: FieldEncoding, count: Int = SHA256.byteCount) -> [UInt8] {
        var inner = self.inner
        fields.withBytes { inner.update(bufferPointer: $0) }
        var outer = self.outer
        inner.finalize().withUnsafeBytes { outer.update(bufferPointer: $0) }
        return outer.finalize().withUnsafeBytes { Array(UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
    }
}
