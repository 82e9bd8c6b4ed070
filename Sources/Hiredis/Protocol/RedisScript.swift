// SPDX-License-Identifier: Apache-2.0

import Crypto
import TextFormats

/// A Lua script with the SHA-1 digest under which the server caches the script.
///
/// Create each script once, because the initializer computes the digest.
package struct RedisScript: Sendable {
    /// The source of the script.
    package let source: String

    /// The digest for `EVALSHA`: 40 lowercase hexadecimal digits.
    package let sha1: String

    /// Creates a script.
    package init(source: String) {
        self.source = source
        self.sha1 = Insecure.SHA1.hash(data: Array(source.utf8)).hex
    }
}
