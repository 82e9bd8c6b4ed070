// SPDX-License-Identifier: Apache-2.0

package import NIOCore
import NIOPosix

/// A connection to a server on this machine, for requests that an HTTP client cannot send.
package enum LoopbackConnection {
    /// Opens a connection.
    package static func open(port: Int) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
    }

    /// Writes a text, and returns all data until the server closes the connection.
    package static func exchange(_ text: String, port: Int) async throws -> String {
        try await Self.open(port: port)
            .executeThenClose { inbound, outbound in
                try await outbound.write(ByteBuffer(string: text))
                var response = ""
                for try await buffer in inbound { response += String(buffer: buffer) }
                return response
            }
    }
}
