// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Crypto
import Foundation
import TextFormats

/// The RPC signature, which is an HMAC-SHA1 of all parameters except the signature itself.
///
/// The client of this package never uses this signature, but many other clients do.
struct RPCSignature: Sendable, Hashable {
    let canonicalQuery: String
    let stringToSign: String

    init(method: String, parameters: [RequestParameter]) {
        self.canonicalQuery = parameters.filter { $0.name != "Signature" }.canonicalQuery
        self.stringToSign = "\(method)&%2F&\(PercentEncoding.encode(self.canonicalQuery))"
    }

    /// Returns the signature in base64.
    ///
    /// The HMAC key is the secret followed by an ampersand.
    func signature(secret: String) -> String {
        let key = SymmetricKey(data: Array("\(secret)&".utf8))
        let code = HMAC<Insecure.SHA1>.authenticationCode(for: Array(self.stringToSign.utf8), using: key)
        return Data(code).base64EncodedString()
    }
}
