// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SendGuard

extension SourceAddress {
    /// Creates the address of the other end of a connection.
    ///
    /// Returns `nil` for the address of a Unix domain socket.
    ///
    /// - Parameter address: The address of the connection.
    init?(_ address: SocketAddress) {
        switch address {
        case .v4(let address): self.init(bytes: withUnsafeBytes(of: address.address.sin_addr) { Array($0) })
        case .v6(let address): self.init(bytes: withUnsafeBytes(of: address.address.sin6_addr) { Array($0) })
        case .unixDomainSocket: return nil
        }
    }
}
