// SPDX-License-Identifier: Apache-2.0

/// Settings that control which requests the gateway accepts.
public struct GatewaySettings: Sendable, Hashable {
    /// Whether the gateway accepts the RPC signature (HMAC-SHA1) in addition to the V3 signature.
    public var acceptsRPCSignature: Bool

    /// Whether the gateway accepts requests without a valid signature or AccessKey.
    ///
    /// Use this setting only for requests that are typed by hand.
    public var acceptsAnyRequest: Bool

    /// The maximum length of the request target in bytes; `nil` leaves only the limit of the HTTP server.
    ///
    /// Longer requests are rejected with HTTP status 414. The limit of the real gateway is unknown.
    public var maximumTargetLength: Int?

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - acceptsRPCSignature: Whether the gateway accepts the RPC signature.
    ///   - acceptsAnyRequest: Whether the gateway accepts requests without a valid signature or AccessKey.
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
