// SPDX-License-Identifier: Apache-2.0

public import Hummingbird
public import NIOCore

/// A request context that provides the address of the connection.
public struct OTPRequestContext: RemoteAddressRequestContext {
    /// The storage for the properties that Hummingbird requires.
    public var coreContext: CoreRequestContextStorage

    /// The remote address of the connection; `nil` if the connection has no address.
    public let remoteAddress: SocketAddress?

    /// Creates a context.
    ///
    /// - Parameter source: The connection of the request.
    public init(source: ApplicationRequestContextSource) {
        self.coreContext = CoreRequestContextStorage(source: source)
        self.remoteAddress = source.channel.remoteAddress
    }
}
