// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The route `GET /api/v1/events`, which streams inbox events as server-sent events.
struct EventRoute: Sendable {
    let events: InboxEvents
    /// The interval between keep-alive comments on an idle stream.
    let pingInterval: Duration

    func respond(to request: Request) throws -> Response {
        let lastID = HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] }.flatMap { Int($0) }
        let namespace = try InboxQuery(request).filter.namespace
        let reader: InboxEvents.Reader
        do {
            reader = try self.events.read(after: lastID, in: namespace)
        } catch {
            throw Problem.tooManyReaders
        }
        let place = Place(events: self.events, reader: reader)
        let body = ResponseBody { writer in
            // An open stream must not delay shutdown, and a disconnected reader must free its slot.
            try await withGracefulShutdownHandler {
                try await request.body.consumeWithInboundCloseHandler { _ in
                    try await self.write(reader, to: &writer)
                } onInboundClosed: {
                    place.leave()
                }
            } onGracefulShutdown: {
                place.leave()
            }
            place.leave()
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"],
            body: body
        )
    }

    @concurrent private func write(_ reader: InboxEvents.Reader, to writer: inout any ResponseBodyWriter) async throws {
        try await writer.write(ByteBuffer(string: "retry: 1000\n\n"))
        async let _ = self.ping(reader)
        for await item in reader.items {
            try await writer.write(ByteBuffer(string: item.text))
        }
    }

    private func ping(_ reader: InboxEvents.Reader) async {
        while (try? await Task.sleep(for: self.pingInterval)) != nil { reader.ping() }
    }

    /// The registration of a reader of the event stream, which counts toward the limit on readers.
    ///
    /// The registration is removed even if the response is never written.
    private final class Place: Sendable {
        private let events: InboxEvents
        private let reader: InboxEvents.Reader

        init(events: InboxEvents, reader: InboxEvents.Reader) {
            self.events = events
            self.reader = reader
        }

        func leave() { self.events.remove(self.reader) }

        deinit { self.events.remove(self.reader) }
    }
}

extension InboxEvents.Item {
    /// The inbox event or keep-alive comment in the `text/event-stream` format.
    fileprivate var text: String {
        switch self {
        case .event(let event): "id: \(event.id)\nevent: \(event.kind.rawValue)\ndata: \(event.data)\n\n"
        case .ping: ": ping\n\n"
        }
    }
}
