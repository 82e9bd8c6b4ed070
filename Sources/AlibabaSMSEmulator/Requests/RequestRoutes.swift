// SPDX-License-Identifier: Apache-2.0

import Hummingbird

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The REST API routes for the request log.
struct RequestRoutes: Sendable {
    /// A page of requests, newest first.
    private struct Page: Encodable {
        var requests: [RequestSummary]
        /// The value of the parameter `before` for the next page; `nil` on the last page.
        var next: Int?
    }

    let log: RequestLog

    func add<Context: RequestContext>(to group: RouterGroup<Context>) {
        group.get("requests") { request, _ in
            let query = try InboxQuery(request)
            let filter = RequestLog.Filter(
                code: query.code,
                since: query.filter.since,
                before: query.filter.before,
                namespace: query.filter.namespace
            )
            let (records, more) = query.page(self.log.records(filter, limit: query.limit + 1))
            return Response(
                inbox: Page(requests: records.map(RequestSummary.init), next: more ? records.last?.id : nil)
            )
        }
        group.get("requests/:id") { request, context in
            // Messages refer to their request by the ID that the gateway assigned, so both IDs are accepted.
            let text = context.parameters.get("id") ?? ""
            let namespace = try InboxQuery(request).filter.namespace
            let record =
                Int(text).map { self.log.record(id: $0, namespace: namespace) }
                ?? self.log.record(requestID: text, namespace: namespace)
            guard let record else { throw Problem.noRequest }
            return Response(inbox: record)
        }
        group.delete("requests") { request, _ in
            self.log.clear(namespace: try InboxQuery(request).filter.namespace)
            return Response(status: .noContent)
        }
    }
}
