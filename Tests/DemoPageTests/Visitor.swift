// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Testing

/// A browser without scripts, which stores one page and one cookie.
struct Visitor: Sendable {
    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton,
        configuration: .init(redirectConfiguration: .disallow)
    )

    /// A response with its whole body.
    struct Reply: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var body: String
    }

    let url: String
    var language = "en-SG"
    var cookie: String?

    /// The page that the visitor sees.
    private(set) var page = ""

    /// The form ID of the page.
    var form: String {
        self.page.firstMatch(of: /name="form" value="([^"]*)"/).map { String($0.1) } ?? ""
    }

    /// The text of the notice; `nil` if the page shows no notice.
    var notice: String? {
        let match = self.page.firstMatch(of: /(?s)id="notice"[^>]*>(.*?)<\/p>/)
        return match.map { String($0.1.replacing(/<[^>]*>/, with: "")) }
    }

    /// The heading of the page.
    var title: String? { self.page.firstMatch(of: /<h1[^>]*>([^<]*)/).map { String($0.1) } }

    /// Opens the page.
    mutating func open(_ path: String = "/demo") async throws {
        let reply = try await self.send(.GET, path)
        guard reply.status == 303 else {
            try #require(reply.status == 200)
            self.page = reply.body
            return
        }
        try await self.open(try #require(reply.headers.first(name: "location")))
    }

    /// Submits a form of the page, and follows the redirect.
    mutating func submit(_ action: String, _ fields: [String: String] = [:]) async throws {
        let reply = try await self.post(action, fields)
        try #require(reply.status == 303, "\(reply)")
        try await self.open(try #require(reply.headers.first(name: "location")))
    }

    /// Submits a form, and returns the response.
    mutating func post(
        _ action: String,
        _ fields: [String: String] = [:],
        _ headers: [(String, String)] = []
    ) async throws -> Reply {
        var fields = fields
        fields["form"] = fields["form"] ?? self.form
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._")
        let body = fields.map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")" }
            .joined(separator: "&")
        let type = headers.contains { $0.0 == "content-type" } ? [] : [Self.formType]
        return try await self.send(.POST, "/demo/\(action)", type + headers, body)
    }

    private static let formType = ("content-type", "application/x-www-form-urlencoded")

    /// Sends a request with the cookie, and stores a new cookie from the response.
    mutating func send(
        _ method: HTTPMethod,
        _ path: String,
        _ headers: [(String, String)] = [],
        _ body: String? = nil
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: self.url + path)
        request.method = method
        request.headers = HTTPHeaders(headers)
        request.headers.add(name: "accept-language", value: self.language)
        if let cookie = self.cookie { request.headers.add(name: "cookie", value: cookie) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await Self.client.execute(request, timeout: .seconds(60))
        if let cookie = response.headers.first(name: "set-cookie") {
            self.cookie = cookie.split(separator: ";").first.map(String.init)
        }
        let content = try await response.body.collect(upTo: 1 << 20)
        return Reply(status: Int(response.status.code), headers: response.headers, body: String(buffer: content))
    }
}
