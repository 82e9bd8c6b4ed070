import FoundationEssentials
import Hummingbird

/// The request log for tests and scripts: `/api/v1/requests`.
struct RequestRoutes: Sendable {
    /// A part of the list, newest first.
    private struct Page: Encodable {
        var requests: [RequestSummary]
        /// What to pass as `before` for the next part; nothing if this is the last.
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
            // Either number will do: a message knows its request by the gateway's identifier.
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
