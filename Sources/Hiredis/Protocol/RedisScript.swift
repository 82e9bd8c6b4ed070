import Crypto

/// A Lua script with its SHA-1 digest, under which the server caches it.
///
/// Create each script once: the initializer computes the digest.
package struct RedisScript: Sendable {
    /// The source of the script.
    package let source: String

    /// The digest for `EVALSHA`: 40 lowercase hexadecimal digits.
    package let sha1: String

    /// Creates a script.
    package init(source: String) {
        self.source = source
        let digits = Array("0123456789abcdef".utf8)
        var hexadecimal: [UInt8] = []
        for byte in Insecure.SHA1.hash(data: Array(source.utf8)) {
            hexadecimal.append(digits[Int(byte >> 4)])
            hexadecimal.append(digits[Int(byte & 15)])
        }
        self.sha1 = String(decoding: hexadecimal, as: UTF8.self)
    }
}
