// SPDX-License-Identifier: Apache-2.0

import Hummingbird

/// The route `/api/v1/namespaces`, which lists the namespaces that contain messages or requests.
struct NamespaceRoutes: Sendable {
    private struct List: Encodable {
        struct Entry: Encodable {
            var name: String
            var messages: Int
            var requests: Int
        }

        var namespaces: [Entry]
    }

    let inbox: Inbox
    let requests: RequestLog

    func add<Context: RequestContext>(to group: RouterGroup<Context>) {
        group.get("namespaces") { _, _ in
            let messages = await self.inbox.counts
            let requests = self.requests.counts
            let names = Set(messages.keys).union(requests.keys).sorted()
            let entries = names.map { List.Entry(name: $0, messages: messages[$0] ?? 0, requests: requests[$0] ?? 0) }
            return Response(inbox: List(namespaces: entries))
        }
    }
}
