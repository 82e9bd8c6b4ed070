// SPDX-License-Identifier: Apache-2.0

/// Settings that control which requests the gateway accepts.
public struct GatewaySettings: Sendable, Hashable {
    /// Whether the gateway accepts the RPC signature, which is an HMAC-SHA1 of all parameters, in addition to the V3 signature.
    public var acceptsRPCSignature: Bool

    /// Whether the gateway accepts requests even if the signature or the AccessKey is missing or invalid.
    ///
    /// This setting is meant only for requests that are typed by hand.
    public var acceptsAnyRequest: Bool

    /// The maximum length of the request target in bytes; `nil` leaves only the limit of the HTTP server.
    ///
    /// Longer requests are rejected with HTTP status 414. The limit of the real gateway is unknown.
    public var maximumTargetLength: Int?

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - acceptsRPCSignature: Whether the gateway accepts the RPC signature.
    ///   - acceptsAnyRequest: Whether the gateway accepts requests even if the signature or the AccessKey is missing or
    ///     invalid.
    ///   - maximumTargetLength: The maximum length of the request target in bytes; `nil` leaves only the limit of the HTTP
    ///     server.
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
