// SPDX-License-Identifier: Apache-2.0

/// The requests that the gateway accepts.
public struct GatewaySettings: Sendable, Hashable {
    /// Whether the gateway accepts the RPC signature, HMAC-SHA1 over all parameters, next to the V3 signature.
    public var acceptsRPCSignature: Bool

    /// Whether the gateway accepts requests without a valid signature or a known AccessKey.
    ///
    /// Only for requests typed by hand.
    public var acceptsAnyRequest: Bool

    /// The maximum length of the request target in bytes; longer requests are rejected with HTTP 414.
    ///
    /// `nil` sets no limit besides that of the HTTP server. The limit of the real gateway is unknown.
    public var maximumTargetLength: Int?

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - acceptsRPCSignature: Whether the gateway accepts the RPC signature.
    ///   - acceptsAnyRequest: Whether the gateway accepts requests without a valid signature or a known AccessKey.
    ///   - maximumTargetLength: The maximum length of the request target in bytes.
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
