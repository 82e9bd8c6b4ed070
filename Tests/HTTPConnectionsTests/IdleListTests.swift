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

    private static let request = "GET / HTTP/1.1\r\nhost: a\r\n\r\n"

    /// Writes the head of a response, and returns the text that was written since the last call.
    private static func writeHead(to channel: EmbeddedChannel) throws -> String {
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "0"])
        try channel.writeOutbound(HTTPServerResponsePart.head(head))
        var text = ""
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: buffer) }
        return text
    }

    private static func writeEnd(to channel: EmbeddedChannel) throws {
        try channel.writeOutbound(HTTPServerResponsePart.end(nil))
    }

    @Test func aBusyConnectionOfAFullServerIsClosedAfterItsResponse() throws {
        var isFull = true
        let list = IdleList()
        let channel = try EmbeddedChannel.guarded(idle: list, isFull: { isFull })
        try channel.writeInbound(ByteBuffer(string: Self.request))
        list.closeOldest(1)
        #expect(try Self.writeHead(to: channel).contains("connection: close\r\n") && channel.isActive)
        // The connection ends as announced, although another connection has made room.
        isFull = false
        try channel.writeInbound(ByteBuffer(string: Self.request))
        try Self.writeEnd(to: channel)
        #expect(!channel.isActive)
    }

    @Test func aConnectionWhoseResponseHasBegunIsClosedAfterItsEnd() throws {
        let list = IdleList()
        let channel = try EmbeddedChannel.guarded(idle: list, isFull: { true })
        try channel.writeInbound(ByteBuffer(string: Self.request))
        #expect(try !Self.writeHead(to: channel).contains("connection: close"))
        list.closeOldest(1)
        try Self.writeEnd(to: channel)
        #expect(!channel.isActive)
    }

    @Test func onlyTheEndOfAllRequestsMakesRoom() throws {
        let list = IdleList()
        let channel = try EmbeddedChannel.guarded(idle: list, isFull: { true })
        try channel.writeInbound(ByteBuffer(string: Self.request + Self.request + Self.request.prefix(5)))
        list.closeOldest(1)
        for _ in 0..<2 {
            #expect(try !Self.writeHead(to: channel).contains("connection: close"))
            try Self.writeEnd(to: channel)
            #expect(channel.isActive)
        }
        try channel.writeInbound(ByteBuffer(string: String(Self.request.dropFirst(5))))
        #expect(try Self.writeHead(to: channel).contains("connection: close\r\n"))
        try Self.writeEnd(to: channel)
        #expect(!channel.isActive)
    }

    @Test(arguments: [(true, true), (false, true), (false, false)])
    func aConnectionIsKeptIfTheServerHasRoom(hasIdle: Bool, isFull: Bool) throws {
        let (list, closed) = (IdleList(), Closed())
        let channel = try EmbeddedChannel.guarded(idle: list, isFull: { isFull })
        try channel.writeInbound(ByteBuffer(string: Self.request))
        let other = IdleList.Entry { closed.names.append(1) }
        if hasIdle { list.append(other) }
        if hasIdle || !isFull { list.closeOldest(1) }
        #expect(try !Self.writeHead(to: channel).contains("connection: close"))
        try Self.writeEnd(to: channel)
        #expect(channel.isActive && closed.names == (hasIdle ? [1] : []))
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    @Test func onlyAConnectionWithoutARequestIsClosed() throws {
        let list = IdleList()
        let request = Self.request
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
