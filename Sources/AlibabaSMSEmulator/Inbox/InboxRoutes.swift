import FoundationEssentials
import Hummingbird
import NIOCore
import ServiceLifecycle

/// The inbox for tests and scripts: `/api/v1`.
struct InboxRoutes: Sendable {
    /// A part of the list, newest first.
    struct Page: Codable, Sendable {
        var messages: [InboxMessage]
        /// What to pass as `before` for the next part; nothing if this is the last.
        var next: Int?
    }

    let inbox: Inbox
    let requests: RequestLog

    func add<Context: RequestContext>(to group: RouterGroup<Context>) {
        group.get("messages") { request, _ in
            let query = try InboxQuery(request)
            let (messages, more) = query.page(await self.inbox.messages(query.filter, limit: query.limit + 1))
            return Response(inbox: Page(messages: messages, next: more ? messages.last?.id : nil))
        }
        group.get("messages/wait") { request, _ in
            let query = try InboxQuery(request)
            // Whoever waits must not hold up the end of the server.
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
        group.get("messages/:id") { _, context in
            guard let message = await self.inbox.message(id: try self.id(context)) else { throw Problem.noMessage }
            return Response(inbox: message)
        }
        group.get("stats") { _, _ in
            let messages = await self.inbox.messages()
            return Response(inbox: InboxStatistics(messages: messages, requests: self.requests.records()))
        }
        group.delete("messages") { _, _ in
            await self.inbox.clear()
            return Response(status: .noContent)
        }
        group.delete("messages/:id") { _, context in
            guard await self.inbox.remove(id: try self.id(context)) else { throw Problem.noMessage }
            return Response(status: .noContent)
        }
    }

    private func id(_ context: some RequestContext) throws(Problem) -> Int {
        guard let id = context.parameters.get("id").flatMap({ Int($0) }) else { throw .noMessage }
        return id
    }
}
