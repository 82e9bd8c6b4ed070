// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import Synchronization
import SystemPackage

/// A socket that receives the notifications of a service, like the socket of systemd.
final class NotifySocket: Sendable {
    let path: String
    private let descriptor: SystemPackage.FileDescriptor
    private let received = Mutex<[String]>([])

    init(_ path: String) throws {
        self.path = path
        #if canImport(Darwin)
            let type = SOCK_DGRAM
        #else
            let type = Int32(SOCK_DGRAM.rawValue)
        #endif
        let descriptor = SystemPackage.FileDescriptor(rawValue: socket(AF_UNIX, type, 0))
        let status = try SocketAddress(unixDomainSocketPath: path)
            .withSockAddr { bind(descriptor.rawValue, $0, socklen_t($1)) }
        guard status == 0, fcntl(descriptor.rawValue, F_SETFL, O_NONBLOCK) == 0 else { throw Errno(rawValue: errno) }
        self.descriptor = descriptor
    }

    deinit { try? self.descriptor.close() }

    /// All notifications that were received so far.
    var states: [String] {
        get throws {
            try self.received.withLock { received in
                var buffer = [UInt8](repeating: 0, count: 4096)
                while true {
                    do {
                        let count = try buffer.withUnsafeMutableBytes { try self.descriptor.read(into: $0) }
                        received.append(String(decoding: buffer[..<count], as: UTF8.self))
                    } catch Errno.wouldBlock {
                        return received
                    }
                }
            }
        }
    }
}
