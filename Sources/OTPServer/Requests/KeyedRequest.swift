// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import SendGuard

/// A request that needs an API key and has a small JSON body.
struct KeyedRequest {
    private static let maximumBodySize = 4096

    let routes: OTPRoutes
    let request: Request
    let peer: SocketAddress?
    let logger: Logger

    /// Returns the API key of the request if the key has at least one of the scopes; otherwise throws an error.
    func authorize(_ scopes: [APIScope]) throws(HTTPProblem) -> APIKey {
        let values = self.request.headers[values: .authorization]
        guard values.count == 1, let key = self.routes.keys.key(authorization: values[0]) else {
            throw self.routes.wrongKeys.problem(for: self.source, log: self.logger)
        }
        guard !key.scopes.isDisjoint(with: scopes) else { throw HTTPProblem(.forbidden) }
        return key
    }

    /// Checks that the header fields declare a JSON body, and that the URL has no query.
    func checkHeaders() throws(HTTPProblem) {
        try self.request.checkQuery()
        let types = self.request.headers[values: .contentType]
        guard types.count == 1, Self.isJSON(types[0]), !self.request.headers.contains(.contentEncoding) else {
            throw HTTPProblem(.unsupportedMediaType)
        }
    }

    /// Returns whether a media type is `application/json`, with or without the parameter for UTF-8.
    private static func isJSON(_ type: String) -> Bool {
        // A comparison of a long text can take quadratic time.
        guard type.utf8.count <= 128 else { return false }
        if type == "application/json" { return true }
        let text = type.lowercased().filter { $0 != " " && $0 != "\t" && $0 != "\"" }
        return text == "application/json" || text == "application/json;charset=utf-8"
    }

    /// Reads the request body, and throws an error if the body is too large.
    func body() async throws(HTTPProblem) -> ByteBuffer { try await self.request.body(upTo: Self.maximumBodySize) }

    /// The address of the client, which a trusted proxy may state in a header.
    var source: SourceAddress? {
        guard let peer = self.peer.flatMap({ SourceAddress($0) }) else { return nil }
        let proxies = self.routes.proxies
        return proxies.ranges.isEmpty
            ? peer : proxies.client(of: peer, self.request.headers.values(proxies.header.description))
    }
}
