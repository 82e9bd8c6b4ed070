// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import HTTPConnections

/// Tests of the connections that a server closes first if it has too many.
@Suite struct IdleListTests {
    private final class Closed { var names: [Int] = [] }

    @Test func theOldestEntriesAreClosedFirst() {
        let (list, closed) = (IdleList(), Closed())
        let entries = (0..<6).map { name in IdleList.Entry { closed.names.append(name) } }
        for entry in entries { list.append(entry) }
        list.append(entries[0])
        // The first, the last and one in the middle leave, and one returns at the end.
        for index in [0, 5, 2, 2] { list.remove(entries[index]) }
        list.append(entries[0])
        list.closeOldest(2)
        #expect(closed.names == [1, 3])
        list.closeOldest(10)
        #expect(closed.names == [1, 3, 4, 0])
        list.append(entries[3])
        list.closeOldest(1)
        #expect(closed.names == [1, 3, 4, 0, 3])
    }

    @Test func onlyAConnectionWithoutARequestIsClosed() throws {
        let list = IdleList()
        let request = "GET / HTTP/1.1\r\nhost: a\r\n\r\n"
        let channel = try EmbeddedChannel.guarded(idle: list)
        try channel.writeInbound(ByteBuffer(string: String(request.prefix(3))))
        list.closeOldest(10)
        #expect(channel.isActive)
        try channel.writeInbound(ByteBuffer(string: String(request.dropFirst(3))))
        list.closeOldest(10)
        #expect(channel.isActive)
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "0"])
        try channel.writeOutbound(HTTPServerResponsePart.head(head))
        list.closeOldest(10)
        #expect(channel.isActive)
        try channel.writeOutbound(HTTPServerResponsePart.end(nil))
        list.closeOldest(10)
        #expect(!channel.isActive)
        list.closeOldest(10)
    }
}
