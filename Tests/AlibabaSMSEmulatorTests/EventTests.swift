// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Testing

@testable import AlibabaSMSEmulator

/// A client of the event stream that parses events in the same way as a browser.
private struct EventReader {
    struct Event: Equatable {
        var id: Int?
        var kind = ""
        var data = ""

        var json: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(self.data.utf8))) as? [String: Any] ?? [:]
        }
    }

    let response: HTTPClientResponse
    private var iterator: AsyncThrowingStream<ByteBuffer, any Error>.Iterator
    private var buffered = ""

    init(_ baseURL: String, after id: Int? = nil, client: HTTPClient = .shared) async throws {
        var request = HTTPClientRequest(url: "\(baseURL)/api/v1/events")
        if let id { request.headers.add(name: "last-event-id", value: "\(id)") }
        let response = try await client.execute(request, timeout: .seconds(60))
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: ByteBuffer.self)
        let reading = Task {
            do {
                for try await bytes in response.body { continuation.yield(bytes) }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        continuation.onTermination = { _ in reading.cancel() }
        self.response = response
        self.iterator = stream.makeAsyncIterator()
    }

    /// Returns the next event or comment, or `nil` at the end.
    mutating func block() async throws -> String? {
        while true {
            if let end = self.buffered.range(of: "\n\n") {
                let block = String(self.buffered[..<end.lowerBound])
                self.buffered.removeSubrange(..<end.upperBound)
                return block
            }
            guard let bytes = try await self.iterator.next(isolation: #isolation) else { return nil }
            self.buffered += String(buffer: bytes)
        }
    }

    /// Returns the next event, or `nil` at the end.
    mutating func next() async throws -> Event? {
        while let block = try await self.block() {
            var event = Event()
            for line in block.split(separator: "\n") {
                let pair = line.split(separator: ":", maxSplits: 1).map(String.init)
                guard pair.count == 2 else { continue }
                let value = String(pair[1].drop { $0 == " " })
                switch pair[0] {
                case "id": event.id = Int(value)
                case "event": event.kind = value
                case "data": event.data += value
                default: break
                }
            }
            if !event.kind.isEmpty { return event }
        }
        return nil
    }
}

@Suite(.timeLimit(.minutes(1))) struct EventTests {
    @Test func eventsArriveInOrder() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator in
            var reader = try await EventReader(emulator.baseURL)
            #expect(reader.response.headers.first(name: "content-type") == "text/event-stream; charset=utf-8")
            #expect(try await SpoilableRequest(to: emulator).send(to: emulator).code == "OK")
            let message = try #require(try await reader.next())
            #expect(message.kind == "message" && message.json["text"] as? String == "Your code is 123456")
            let request = try #require(try await reader.next())
            #expect(request.kind == "request" && request.json["code"] as? String == "OK")
            let messageID = try #require(message.json["messageId"] as? String)
            #expect(request.json["messageIds"] as? [String] == [messageID])
            #expect(request.json["requestId"] as? String == message.json["requestId"] as? String)

            await emulator.inbox.update(messageID: messageID) { $0.status = .delivered }
            let status = try #require(try await reader.next())
            #expect(status.kind == "status" && status.json["status"] as? String == "delivered")
            await emulator.inbox.remove(id: 1)
            let removed = try #require(try await reader.next())
            #expect(removed.kind == "cleared" && removed.json["message"] as? Int == 1)
            await emulator.inbox.clear()
            #expect(try await reader.next()?.json["messages"] as? Bool == true)
            emulator.requests.clear()
            #expect(try await reader.next()?.json["requests"] as? Bool == true)
            let ids = [message.id, request.id, status.id, removed.id].compactMap(\.self)
            #expect(ids.count == 4 && ids == ids.sorted())
        }
    }

    @Test func reconnectingReaderReceivesMissedEvents() async throws {
        try await InboxTests.withInbox { emulator, _ in
            var reader = try await EventReader(emulator.baseURL)
            await emulator.inbox.append(InboxTests.draft("one"))
            let first = try #require(try await reader.next())
            for text in ["two", "three"] { await emulator.inbox.append(InboxTests.draft(text)) }
            var second = try await EventReader(emulator.baseURL, after: first.id)
            #expect(try await second.next()?.json["text"] as? String == "two")
            #expect(try await second.next()?.json["text"] as? String == "three")
            await emulator.inbox.append(InboxTests.draft("four"))
            #expect(try await second.next()?.json["text"] as? String == "four")
        }
    }

    @Test(arguments: [1, Int.max, -1]) func readerThatMissedTooManyEventsReceivesReset(lastID: Int) async throws {
        try await InboxTests.withInbox { emulator, _ in
            await emulator.inbox.append(InboxTests.draft("one"))
            var reader = try await EventReader(emulator.baseURL, after: lastID)
            #expect(try await reader.next()?.kind == "reset")
        }
    }

    @Test func replayBufferKeepsTheLatestEvents() async throws {
        let events = InboxEvents(capacity: 3)
        let before = try events.read(after: nil)
        for number in 1...5 { events.publish(.message, number) }
        var all: [InboxEvents.Event] = []
        for await case .event(let event) in before.items {
            all.append(event)
            if all.count == 5 { break }
        }
        #expect(all.map(\.data) == ["1", "2", "3", "4", "5"])
        func replay(after id: Int) async throws -> [InboxEvents.Item] {
            let reader = try events.read(after: id)
            events.remove(reader)
            return await reader.items.reduce(into: []) { $0.append($1) }
        }
        #expect(try await replay(after: all[1].id) == all[2...].map { .event($0) })
        #expect(try await replay(after: all[4].id).isEmpty)
        guard case .event(let reset) = try await replay(after: all[0].id).first else { return #expect(Bool(false)) }
        #expect(reset.kind == .reset && reset.id == all[4].id)
    }

    @Test func replayBufferIsBoundedInBytes() async throws {
        let events = InboxEvents(longestReplay: 1000)
        for _ in 1...10 { events.publish(.message, String(repeating: "x", count: 300)) }
        let reader = try events.read(after: 0)
        events.remove(reader)
        let items = await reader.items.reduce(into: []) { $0.append($1) }
        guard case .event(let reset) = items.first else { return #expect(Bool(false)) }
        #expect(reset.kind == .reset && items.count == 1)
        let late = try events.read(after: reset.id - 3)
        events.remove(late)
        #expect(await late.items.reduce(into: []) { $0.append($1) }.count == 3)
    }

    @Test func slowReaderIsDisconnectedAndKeepsItsSlotUntilRemoved() async throws {
        let events = InboxEvents(capacity: 1, queueLength: 2, mostReaders: 1)
        let slow = try events.read(after: nil)
        for number in 1...100 { events.publish(.message, number) }
        #expect(throws: InboxEvents.TooManyReaders.self) { try events.read(after: nil) }
        let items = await slow.items.reduce(into: []) { $0.append($1) }
        #expect(items.count == 3)
        events.remove(slow)
        #expect(events.readerCount == 0)
        let reader = try events.read(after: nil)
        #expect(events.readerCount == 1)
        events.remove(reader)
    }

    @Test func readerBeyondTheLimitIsRejected() async throws {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 40
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            try await InboxTests.withInbox { emulator, _ in
                var readers: [EventReader] = []
                for _ in 0..<32 {
                    let reader = try await EventReader(emulator.baseURL, client: client)
                    #expect(reader.response.status == .ok)
                    readers.append(reader)
                }
                let rejected = try await EventReader(emulator.baseURL, client: client)
                #expect(rejected.response.status == .serviceUnavailable)
                #expect(rejected.response.headers.first(name: "content-type") == "application/problem+json")
                #expect(readers.count == 32)
            }
        } catch {
            Issue.record(error)
        }
        try await client.shutdown()
    }

    /// Runs an emulator in a service group, and passes the parts of the emulator to a closure.
    private func withEmulator(
        _ configure: (inout SMSGatewayEmulator) -> Void = { _ in },
        _ body: @escaping @Sendable (SMSGatewayEmulator.Server, SMSGatewayEmulator, ServiceGroup) async throws -> Void
    ) async throws {
        let (servers, continuation) = AsyncStream.makeStream(of: SMSGatewayEmulator.Server.self)
        var emulator = SMSGatewayEmulator { continuation.yield($0) }
        configure(&emulator)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let services = ServiceGroup(configuration: .init(services: [emulator], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { [emulator] group in
            group.addTask { try await services.run() }
            let server = try #require(await servers.first { _ in true })
            try await body(server, emulator, services)
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }

    @Test func gracefulShutdownEndsTheStreams() async throws {
        let start = ContinuousClock.now
        try await self.withEmulator { server, emulator, services in
            var reader = try await EventReader(server.baseURL)
            #expect(try await reader.block() == "retry: 1000")
            #expect(emulator.events.readerCount == 1)
            await services.triggerGracefulShutdown()
            #expect(try await reader.block() == nil)
        }
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test func disconnectedReaderFreesItsSlot() async throws {
        try await self.withEmulator { server, emulator, _ in
            let task = Task {
                var reader = try await EventReader(server.baseURL)
                while try await reader.block() != nil {}
            }
            while emulator.events.readerCount == 0 { await Task.yield() }
            task.cancel()
            while emulator.events.readerCount > 0 { await Task.yield() }
        }
    }

    @Test func idleStreamIsKeptAlive() async throws {
        try await self.withEmulator {
            $0.pingInterval = .milliseconds(5)
        } _: { server, _, _ in
            var reader = try await EventReader(server.baseURL)
            #expect(try await reader.block() == "retry: 1000")
            #expect(try await reader.block() == ": ping")
            #expect(try await reader.block() == ": ping")
        }
    }
}
