import AlibabaSMS
import Crypto
import Foundation
import TextFormats

/// The older signature of RPC requests: HMAC-SHA1 over all parameters.
///
/// Our client never makes one; much of other people's code does.
struct RPCSignature: Sendable, Hashable {
    let canonicalQuery: String
    let stringToSign: String

    init(method: String, parameters: [RequestParameter]) {
        self.canonicalQuery = parameters.filter { $0.name != "Signature" }.canonicalQuery
        self.stringToSign = "\(method)&%2F&\(PercentEncoding.encode(self.canonicalQuery))"
    }

    /// The signature in base64; the key is the secret with an ampersand.
    func signature(secret: String) -> String {
        let key = SymmetricKey(data: Array("\(secret)&".utf8))
        let code = HMAC<Insecure.SHA1>.authenticationCode(for: Array(self.stringToSign.utf8), using: key)
        return Data(code).base64EncodedString()
    }
}
