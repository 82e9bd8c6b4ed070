// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Tests of the HTTP service and the registration page of the demo.
@Suite(.timeLimit(.minutes(2))) struct DemoServiceTests {
    private static func fetch(_ request: URLRequest) async throws -> (status: Int, body: String) {
        let (data, response) = try await URLSession.shared.data(for: request)
        let status = try #require(response as? HTTPURLResponse).statusCode
        return (status, String(decoding: data, as: UTF8.self))
    }

    /// Issues a code over HTTP.
    private static func issue(_ url: URL, key: String) async throws -> Int {
        let body = #"{"number":"+6591234567","purpose":"sign-in"}"#
        return try await Self.post("v1/verifications", body, to: url, key: key).status
    }

    private static func post(
        _ path: String,
        _ body: String,
        to url: URL,
        key: String
    ) async throws -> (status: Int, body: String) {
        var request = URLRequest(url: url.appendingPathComponent(path))
        request.httpMethod = "POST"
        request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization")
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = Data(body.utf8)
        return try await Self.fetch(request)
    }

    @Test(arguments: ["redis", "memory"])
    func demoServesThePageAndTheAPI(store: String) async throws {
        var page = ""
        var (key, adminKey) = ("", "")
        let end = try await Demo.run(["--store", store]) { demo in
            let url = try #require(demo.environment["OTP_SERVICE_URL"].flatMap { URL(string: $0) })
            key = try #require(demo.environment["OTP_API_KEY"])
            page = "\(url)/demo"
            let first = try await Self.fetch(URLRequest(url: url.appendingPathComponent("demo")))
            #expect(first.status == 200 && first.body.contains("Create your account"))
            #expect(try await Self.fetch(URLRequest(url: url.appendingPathComponent("readyz"))).status == 200)
            #expect(try await Self.issue(url, key: key + "x") == 401)
            #expect(try await Self.issue(url, key: key) == 201)
            let code = try await demo.code("+6591234567")
            let second = try await Self.fetch(URLRequest(url: url.appendingPathComponent("demo")))
            #expect(second.body.contains("<mark>\(code)</mark>") && second.body.contains("To <bdi"))
            adminKey = try #require(demo.environment["OTP_ADMIN_KEY"])
            let status = try await Self.post("v1/admin/guard/status", "{}", to: url, key: adminKey)
            #expect(status.status == 200 && status.body.contains("unverified-block"))
            let operators = try await Self.fetch(URLRequest(url: url.appendingPathComponent("admin")))
            #expect(operators.status == 200 && operators.body.contains("API key"))
        }
        #expect(end.status == 0, "\(end)")
        #expect(end.output.contains("Open in a browser:  \(page)\n"))
        for key in [key, adminKey] { #expect(!end.output.contains(key) && !end.errors.contains(key)) }
    }

    @Test func waitingPageDoesNotDelayTheEnd() async throws {
        let end = try await Demo.run(["--store", "memory"]) { demo in
            let url = try #require(demo.environment["OTP_SERVICE_URL"].flatMap { URL(string: $0) })
            let body = try await Self.fetch(URLRequest(url: url.appendingPathComponent("demo"))).body
            let cursor = try #require(body.firstMatch(of: /data-cursor="([^"]+)"/)).1
            let wait = try #require(URL(string: "\(url)/demo/inbox?after=\(cursor)"))
            // The request is still open when the demo ends.
            URLSession.shared.dataTask(with: URLRequest(url: wait)) { _, _, _ in }.resume()
            _ = try await Self.fetch(URLRequest(url: url.appendingPathComponent("demo")))
        }
        // The test kills a demo that does not end within ten seconds.
        #expect(end.status == 0 && !end.errors.contains("error"), "\(end)")
    }

    @Test func usedServicePortIsNamed() async throws {
        try await Demo.run(["--store", "memory"]) { demo in
            let url = try #require(demo.environment["OTP_SERVICE_URL"])
            let port = try #require(url.split(separator: ":").last.map(String.init))
            let run = try await Program.run(["demo", "--store", "memory", "--service-port", port])
            #expect(run.status == 1 && run.errors.contains("127.0.0.1:\(port)"), "\(run)")
        }
        let run = try await Program.run(["demo", "--store", "memory", "--service-port", "65536"])
        #expect(run.status == 64, "\(run)")
    }
}
