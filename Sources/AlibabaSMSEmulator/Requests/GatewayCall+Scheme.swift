// SPDX-License-Identifier: Apache-2.0

extension GatewayCall {
    /// Parses the signature method before the request is checked.
    ///
    /// Returns `nil` if the signature is missing or malformed.
    func parseScheme() -> Scheme? {
        if let text = self.header("authorization") { return AuthorizationHeader(text).map(Scheme.v3) }
        return self.isRPC && self.parameter("Signature") != nil ? .rpc : nil
    }
}
