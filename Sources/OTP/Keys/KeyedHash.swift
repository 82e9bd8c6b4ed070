import Crypto

/// HMAC-SHA-256 (RFC 2104) under one key.
///
/// The two states that depend on the key alone are computed once, as section 4 of the RFC suggests: `HMAC` computes them
/// for every message, which costs more than all the rest of a verification. So are the fields that all messages begin with.
/// A test compares it with `HMAC`.
struct KeyedHash: Sendable {
    private let inner: SHA256
    private let outer: SHA256

    /// Prepares the hash of messages that begin with some fields, which are left out of each.
    init(key: SymmetricKey, prefix: String...) {
        // Longer keys would have to be hashed first; all keys come from HKDF and have 32 bytes.
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

    /// The first bytes of the code for a message of which the first fields are left out, 32 unless told otherwise.
    func callAsFunction(_ fields: FieldEncoding, count: Int = SHA256.byteCount) -> [UInt8] {
        var inner = self.inner
        fields.bytes.withUnsafeBytes { inner.update(bufferPointer: $0) }
        var outer = self.outer
        inner.finalize().withUnsafeBytes { outer.update(bufferPointer: $0) }
        return outer.finalize().withUnsafeBytes { Array(UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
    }
}
