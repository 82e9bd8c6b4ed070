// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
public import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import StrictJSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An HTTP client for the inbox of a running emulator.
public struct InboxClient: Sendable {
    /// The error for a response with an unexpected HTTP status, such as 401 if the token is missing.
    public struct UnexpectedResponse: Error, Sendable, Hashable, CustomStringConvertible {
        /// The HTTP status of the response.
        public var status: Int
        /// Creates an error.
        ///
        /// - Parameter status: The HTTP status of the response.
        public init(status: Int) {
            self.status = status
        }

        /// An explanation that contains the HTTP status.
        public var description: String { "the inbox responded with HTTP \(self.status)" }
    }

    private struct CursorResponse: Decodable {
        var cursor: InboxCursor
    }

    private let baseURL: String
    private let namespace: String?
    private let token: InboxToken?
    private let httpClient: HTTPClient

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - baseURL: The URL of the emulator, such as `http://127.0.0.1:8026`.
    ///   - namespace: The namespace that the client reads and clears; `nil` selects all namespaces.
    ///   - token: The token of the emulator; `nil` if the emulator requires no token.
    ///   - httpClient: The HTTP client, which the caller must shut down.
    public init(baseURL: String, namespace: String? = nil, token: InboxToken? = nil, httpClient: HTTPClient) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.namespace = namespace
        self.token = token
        self.httpClient = httpClient
    }

    /// Returns a cursor at the newest message of all namespaces.
    ///
    /// To find only the messages that an action causes, call this method before the action, and set ``InboxFilter/after`` to
    /// the cursor.
    ///
    /// - Returns: The cursor.
    /// - Throws: An error if the emulator cannot be reached or its response is invalid.
    public func cursor() async throws -> InboxCursor {
        try JSON.inbox(CursorResponse.self, try await self.require(self.perform(.GET, "cursor"))).cursor
    }

    /// Performs an action, and waits for the message that the action causes.
    ///
    /// Messages from before the action are ignored.
    ///
    /// - Parameters:
    ///   - filter: The conditions for the message.
    ///   - timeout: The longest wait after the action, from zero to one minute; other values are clamped.
    ///   - action: The action that sends the message.
    /// - Returns: The message, or `nil` after the timeout.
    /// - Throws: The action's error, or an error if the emulator cannot be reached or its response is invalid.
    public func message(
        _ filter: InboxFilter = .init(),
        timeout: Duration = .seconds(30),
        causedBy action: () async throws -> Void
    ) async throws -> InboxMessage? {
        var filter = filter
        filter.after = try await self.cursor()
        try await action()
        return try await self.wait(for: filter, timeout: timeout)
    }

    /// Returns the messages that match a filter, newest first.
    ///
    /// - Parameters:
    ///   - filter: The conditions.
    ///   - limit: The maximum number of messages, capped at 1,000.
    /// - Returns: The messages.
    /// - Throws: An error if the emulator cannot be reached or its response is invalid.
    public func messages(_ filter: InboxFilter = .init(), limit: Int = 50) async throws -> [InboxMessage] {
        let body = try await self.require(self.get("messages", filter, [RequestParameter("limit", "\(limit)")]))
        return try JSON.inbox(InboxRoutes.Page.self, body).messages
    }

    /// Returns the message with an ID.
    ///
    /// - Parameter id: The ID of the message in the inbox.
    /// - Returns: The message, or `nil` if the inbox does not contain the message.
    /// - Throws: An error if the emulator cannot be reached or its response is invalid.
    public func message(id: Int) async throws -> InboxMessage? {
        try await self.get("messages/\(id)", .init()).map { try JSON.inbox(InboxMessage.self, $0) }
    }

    /// Returns the newest message that matches a filter, or waits for the next matching message.
    ///
    /// To ignore earlier messages, use ``message(_:timeout:causedBy:)`` instead.
    ///
    /// - Parameters:
    ///   - filter: The conditions for the message.
    ///   - timeout: The longest wait, from zero to one minute; other values are clamped.
    /// - Returns: The message, or `nil` after the timeout.
    /// - Throws: An error if the emulator cannot be reached or its response is invalid.
    public func wait(for filter: InboxFilter = .init(), timeout: Duration = .seconds(30)) async throws -> InboxMessage?
    {
        let milliseconds = Int(min(max(timeout, .zero), InboxQuery.longestWait) / .milliseconds(1))
        return try await self.get("messages/wait", filter, [RequestParameter("timeout", "\(milliseconds)ms")])
            .map { try JSON.inbox(InboxMessage.self, $0) }
    }

    /// Returns the code in the newest matching message that contains a code.
    ///
    /// - Parameter filter: The conditions for the messages.
    /// - Returns: The code, or `nil` if no matching message contains a code.
    /// - Throws: An error if the emulator cannot be reached or its response is invalid.
    public func latestCode(_ filter: InboxFilter = .init()) async throws -> String? {
        try await self.get("messages/latest/code", filter).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Removes all messages in the client's namespace, or in all namespaces if the client has no namespace.
    ///
    /// - Throws: An error if the emulator cannot be reached or its response is invalid.
    public func clear() async throws {
        _ = try await self.require(self.perform(.DELETE, self.target("messages", self.parameters(.init()))))
    }

    /// Removes a message.
    ///
    /// - Parameter id: The ID of the message in the inbox.
    /// - Returns: Whether the message existed.
    /// - Throws: An error if the emulator cannot be reached or its response is invalid.
    @discardableResult
    public func remove(id: Int) async throws -> Bool {
        try await self.perform(.DELETE, self.target("messages/\(id)", self.parameters(.init()))) != nil
    }

    private func get(
        _ path: String,
        _ filter: InboxFilter,
        _ extra: [RequestParameter] = []
    ) async throws -> Data? {
        try await self.perform(.GET, self.target(path, extra + self.parameters(filter)))
    }

    private func target(_ path: String, _ parameters: [RequestParameter]) -> String {
        parameters.isEmpty ? path : "\(path)?\(parameters.canonicalQuery)"
    }

    private func parameters(_ filter: InboxFilter) -> [RequestParameter] {
        let values = [
            ("to", filter.to), ("since", filter.since?.text), ("template", filter.template),
            ("before", filter.before.map { "\($0)" }), ("contains", filter.contains),
            ("after", filter.after?.description), ("namespace", filter.namespace ?? self.namespace),
        ]
        return values.compactMap { name, value in value.map { RequestParameter(name, $0) } }
    }

    /// Sends a request.
    ///
    /// Returns the body of the response, or `nil` if the requested item does not exist.
    private func perform(_ method: HTTPMethod, _ target: String) async throws -> Data? {
        var request = HTTPClientRequest(url: "\(self.baseURL)/api/v1/\(target)")
        request.method = method
        if let token = self.token { request.headers.add(name: "authorization", value: "Bearer \(token.text)") }
        let response = try await self.httpClient.execute(request, timeout: .seconds(75))
        let body = Data(try await response.body.collect(upTo: 64 * 1024 * 1024).readableBytesView)
        switch response.status.code {
        case 200..<300:
            return body
        case 404 where response.headers.first(name: "content-type") == "application/problem+json":
            return nil
        default:
            throw UnexpectedResponse(status: Int(response.status.code))
        }
    }

    private func require(_ body: Data?) throws -> Data {
        guard let body else { throw UnexpectedResponse(status: 404) }
        return body
    }
}
