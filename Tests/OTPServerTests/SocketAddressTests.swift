// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SendGuard
import Testing

@testable import OTPServer

/// Tests of the conversion of socket addresses.
@Suite struct SocketAddressTests {
    @Test(arguments: ["192.0.2.1", "0.0.0.0", "255.255.255.255", "2001:db8::1", "::1", "::ffff:192.0.2.1"])
    func addressOfAConnection(text: String) throws {
        let address = try SocketAddress(ipAddress: text, port: 8080)
        #expect(SourceAddress(address) == SourceAddress(text))
        #expect(SourceAddress(address) != nil)
    }

    @Test func unixSocketHasNoAddress() throws {
        #expect(SourceAddress(try SocketAddress(unixDomainSocketPath: "/tmp/socket")) == nil)
    }
}
