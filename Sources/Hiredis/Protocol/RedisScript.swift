import Crypto

/// A Lua script, known to the server by the SHA-1 of its text.
///
/// Make it once and keep it: the digest is computed when it is made.
package struct RedisScript: Sendable {
    /// The text of the script.
    package let source: String

    /// The name of the script for `EVALSHA`: 40 lowercase hexadecimal digits.
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
