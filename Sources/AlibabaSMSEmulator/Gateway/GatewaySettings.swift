/// How strict the gateway is.
public struct GatewaySettings: Sendable, Hashable {
    /// Whether the older signature, HMAC-SHA1 over the parameters, is taken.
    public var acceptsRPCSignature: Bool

    /// Whether any request is taken, by whomever it is signed or not: for a first try by hand only.
    public var acceptsAnyRequest: Bool

    /// The most bytes of a request's target, beyond which it is refused with HTTP 414; `nil` bounds it as HTTP does.
    ///
    /// The real bound is not known.
    public var maximumTargetLength: Int?

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - acceptsRPCSignature: Whether the older signature is taken.
    ///   - acceptsAnyRequest: Whether any request is taken, by whomever it is signed or not.
    ///   - maximumTargetLength: The most bytes of a request's target.
    public init(
        acceptsRPCSignature: Bool = true,
        acceptsAnyRequest: Bool = false,
        maximumTargetLength: Int? = nil
    ) {
        self.acceptsRPCSignature = acceptsRPCSignature
        self.acceptsAnyRequest = acceptsAnyRequest
        self.maximumTargetLength = maximumTargetLength
    }
}
