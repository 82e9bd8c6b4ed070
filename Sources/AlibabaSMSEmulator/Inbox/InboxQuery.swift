// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import HTTPTypes
import Hummingbird
import TextFormats

/// The query parameters of a request to the REST API.
struct InboxQuery: Sendable {
    static let longestWait = Duration.seconds(60)
    static let greatestLimit = 1000

    let filter: InboxFilter
    let limit: Int
    let timeout: Duration
    /// The response code by which a list of requests is filtered; `nil` matches any.
    let code: String?

    /// Parses the query of a request.
    ///
    /// - Throws: A ``Problem`` that names the invalid parameter.
    init(_ request: Request) throws(Problem) {
        let target = request.head.path ?? ""
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let parameters = [RequestParameter](form: parts.count == 2 ? parts[1] : "") else {
            throw .badParameter("query")
        }
        var values: [String: String] = [:]
        for parameter in parameters where !parameter.value.isEmpty {
            values[parameter.name] = parameter.value
        }
        var since: InboxFilter.Since?
        if let text = values["since"] {
            // Form decoding turns the plus sign of a time zone into a space.
            guard let value = InboxFilter.Since(text.replacing(" ", with: "+")) else { throw .badParameter("since") }
            since = value
        }
        var before: Int?
        if let text = values["before"] {
            guard let id = Int(text), id >= 0 else { throw .badParameter("before") }
            before = id
        }
        var after: InboxCursor?
        if let text = values["after"] {
            guard let cursor = InboxCursor(text) else { throw .badParameter("after") }
            after = cursor
        }
        self.filter = InboxFilter(
            to: values["to"],
            since: since,
            contains: values["contains"],
            template: values["template"],
            before: before,
            after: after,
            namespace: try Self.namespace(values["namespace"], request)
        )
        self.code = values["code"]
        guard let limit = Int(values["limit"] ?? "50"), limit > 0 else { throw .badParameter("limit") }
        self.limit = min(limit, Self.greatestLimit)
        guard let timeout = DurationText.parse(values["timeout"] ?? "30s"), timeout >= .zero else {
            throw .badParameter("timeout")
        }
        self.timeout = min(timeout, Self.longestWait)
    }

    /// Returns the namespace from the query parameter, or from ``InboxNamespace/header`` if the parameter is missing.
    private static func namespace(_ parameter: String?, _ request: Request) throws(Problem) -> String? {
        let header = HTTPField.Name(InboxNamespace.header).flatMap { request.headers[$0] }
        guard let name = parameter ?? header else { return nil }
        guard InboxNamespace.isValid(name) else { throw .badParameter("namespace") }
        return name
    }

    /// Returns the elements up to the limit, and whether more elements follow.
    ///
    /// The list must have been read with the limit `limit + 1`. An additional element shows that more elements follow.
    func page<Element>(_ elements: [Element]) -> (elements: [Element], more: Bool) {
        (Array(elements.prefix(self.limit)), elements.count > self.limit)
    }
}
