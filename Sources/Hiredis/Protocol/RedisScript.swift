import Crypto
import TextFormats

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
        self.sha1 = Insecure.SHA1.hash(data: Array(source.utf8)).hex
    }
}
