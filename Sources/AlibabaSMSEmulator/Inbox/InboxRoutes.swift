// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import NIOCore
import ServiceLifecycle

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The REST API routes for messages.
struct InboxRoutes: Sendable {
    /// A page of messages, newest first.
    struct Page: Codable, Sendable {
        var messages: [InboxMessage]
        /// The value of the parameter `before` for the next page; `nil` on the last page.
        var next: Int?
        /// A cursor at the newest message of all namespaces, with which a client can wait for later messages.
        var cursor: InboxCursor
    }

    private struct CursorResponse: Encodable {
        var cursor: InboxCursor
    }

    let inbox: Inbox
    let requests: RequestLog

    func add<Context: RequestContext>(to group: RouterGroup<Context>) {
        group.get("messages") { request, _ in
            let query = try InboxQuery(request)
            let page = await self.inbox.page(query.filter, limit: query.limit + 1)
            let (messages, more) = query.page(page.messages)
            let next = more ? messages.last?.id : nil
            return Response(inbox: Page(messages: messages, next: next, cursor: page.cursor))
        }
        group.get("cursor") { _, _ in Response(inbox: CursorResponse(cursor: await self.inbox.cursor)) }
        group.get("messages/wait") { request, _ in
            let query = try InboxQuery(request)
            // A long poll must not delay a graceful shutdown.
            let message = await cancelWhenGracefulShutdown {
                await self.inbox.wait(for: query.filter, timeout: query.timeout)
            }
            guard let message else { throw Problem.noMessageInTime }
            return Response(inbox: message)
        }
        group.get("messages/latest/code") { request, _ in
            let query = try InboxQuery(request)
            guard let code = await self.inbox.messages(query.filter).lazy.compactMap(\.code).first else {
                throw Problem.noCode
            }
            return Response(
                status: .ok,
                headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: code))
            )
        }
        group.get("messages/:id") { request, context in
            let namespace = try InboxQuery(request).filter.namespace
            guard let message = await self.inbox.message(id: try self.id(context), namespace: namespace) else {
                throw Problem.noMessage
            }
            return Response(inbox: message)
        }
        group.get("stats") { request, _ in
            let namespace = try InboxQuery(request).filter.namespace
            let messages = await self.inbox.messages(InboxFilter(namespace: namespace))
            let requests = self.requests.records(RequestLog.Filter(namespace: namespace))
            return Response(inbox: InboxStatistics(messages: messages, requests: requests))
        }
        self.addRemovals(to: group)
    }

    private func addRemovals(to group: RouterGroup<some RequestContext>) {
        group.delete("messages") { request, _ in
            await self.inbox.clear(namespace: try InboxQuery(request).filter.namespace)
            return Response(status: .noContent)
        }
        group.delete("messages/:id") { request, context in
            let namespace = try InboxQuery(request).filter.namespace
            guard await self.inbox.remove(id: try self.id(context), namespace: namespace) else {
                throw Problem.noMessage
            }
            return Response(status: .noContent)
        }
    }

    private func id(_ context: some RequestContext) throws(Problem) -> Int {
        guard let id = context.parameters.get("id").flatMap({ Int($0) }) else { throw .noMessage }
        return id
    }
}
