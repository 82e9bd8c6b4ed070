extension GatewayCall {
    /// How the request means to prove who sent it, before anything is checked; `nil` if it does not or cannot be read.
    func readScheme() -> Scheme? {
        if let text = self.header("authorization") { return AuthorizationHeader(text).map(Scheme.v3) }
        return self.isRPC && self.parameter("Signature") != nil ? .rpc : nil
    }
}
