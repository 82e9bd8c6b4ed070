// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
package import OTP

extension KeyRing {
    /// Creates a key ring whose secrets are derived from the names of the keys, for tests.
    package static func derived(code: [String], index: [String]) throws -> KeyRing {
        func key(_ id: String) throws -> KeyRing.Key {
            try KeyRing.Key(id: id, secret: SymmetricKey(data: SHA256.hash(data: Data(id.utf8))))
        }
        return try KeyRing(codeKeys: try code.map(key), indexKeys: try index.map(key))
    }
}
