// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import SendGuard

extension SourceAddress {
    /// Creates the remote address of a connection; returns `nil` for a unix socket.
    package init?(_ address: SocketAddress) {
        // The offsets of the address bytes are the same on all supported systems.
        let range: Range<Int>
        switch address {
        case .v4: range = 4..<8
        case .v6: range = 8..<24
        case .unixDomainSocket: return nil
        }
        let bytes = address.withSockAddr { pointer, size in
            Array(UnsafeRawBufferPointer(start: pointer, count: size)[range])
        }
        self.init(bytes: bytes)
    }
}
