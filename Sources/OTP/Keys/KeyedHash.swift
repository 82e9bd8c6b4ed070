import Crypto

/// HMAC-SHA-256 (RFC 2104) under one key.
///
/// What depends on the key alone is computed once: it costs more than the rest.
struct KeyedHash: Sendable {
    private let keyed: HMAC<SHA256>

    init(key: SymmetricKey) {
        self.keyed = HMAC(key: key)
    }

    func callAsFunction(_ fields: FieldEncoding) -> HMAC<SHA256>.MAC {
        var hash = self.keyed
        hash.update(data: fields.bytes)
        return hash.finalize()
    }
}
