// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import OTPEnvironment
import OTPServer
import Subprocess
import SystemPackage
import Testing

@testable import OTPCommand

/// Tests of `otp serve` and `otp api-key`.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct ServeTests {
    /// A running service.
    private struct Service {
        let url: String
        let reload: () throws -> Void

        func post(_ path: String, _ body: String, key: String) async throws -> (status: Int, text: String) {
            var request = HTTPClientRequest(url: self.url + path)
            request.method = .POST
            request.headers = ["authorization": "Bearer \(key)", "content-type": "application/json"]
            request.body = .bytes(Array(body.utf8))
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
            return (Int(response.status.code), String(buffer: try await response.body.collect(upTo: 1 << 20)))
        }

        func get(_ path: String) async throws -> Int {
            let response = try await HTTPClient.shared.execute(
                HTTPClientRequest(url: self.url + path),
                timeout: .seconds(60)
            )
            return Int(response.status.code)
        }
    }

    /// Runs a closure with a service, ends the service with SIGTERM, and returns its exit status.
    private static func serve(
        _ environment: [String: String],
        _ work: (Service) async throws -> Void
    ) async throws -> Int32 {
        let command = ["serve", "--listen", "127.0.0.1:0"]
        return try await Program.serve(command, environment: environment, endingWith: .terminate) { line, signal in
            let url = try #require(line.split(separator: " ").last.map { $0.filter { !$0.isWhitespace } })
            try await work(Service(url: url) { try signal(Signal(rawValue: 1)) })
        }
    }

    /// Creates an API key with `otp api-key`, and returns the text of the key.
    private static func key(_ arguments: [String]) async throws -> String {
        let run = try await Program.run(["api-key"] + arguments)
        try #require(run.status == 0, "\(run)")
        return String(try #require(run.lines.first).dropFirst("OTP_API_KEY=".count))
    }

    @Test func serviceIssuesAndChecksWithKeysThatAreReloaded() async throws {
        try await Demo.run { demo in
            try await withFolder { folder in
                let file = folder + "/api-keys.txt"
                let first = try await Self.key(["web", "--scope", "issue", "--scope", "verify", "--file", file])
                let environment = demo.environment.merging(["OTP_API_KEYS": file]) { _, new in new }
                let status = try await Self.serve(environment) { service in
                    #expect(try await service.get("/livez") == 200)
                    #expect(try await service.get("/readyz") == 200)
                    let number = "+6591234567"
                    let call = #""number":"\#(number)","purpose":"sign-in""#
                    let issued = try await service.post("/v1/verifications", "{\(call)}", key: first)
                    try #require(issued.status == 201, "\(issued)")
                    let token = try #require(issued.text.firstMatch(of: /"token":"([^"]+)"/)?.1)
                    let code = try await demo.code(number)
                    let body = #"{\#(call),"token":"\#(token)","code":"\#(code)"}"#
                    #expect(try await service.post("/v1/verifications/check", body, key: first).status == 200)

                    let second = try await Self.key(["other", "--scope", "issue", "--file", file])
                    #expect(try await service.post("/v1/verifications", "{}", key: second).status == 401)
                    try service.reload()
                    try await poll("the new key") {
                        try await service.post("/v1/verifications", "{}", key: second).status == 400
                    }
                    // An invalid file changes nothing.
                    try "nonsense".write(toFile: file, atomically: true, encoding: .utf8)
                    try service.reload()
                    #expect(try await service.post("/v1/verifications", "{}", key: second).status == 400)
                }
                #expect(status == 0)
            }
        }
    }

    @Test func serviceDoesNotStartWithInvalidSettings() async throws {
        let entry = try APIKey.generate(id: "web", scopes: [.issue]).key.entry
        func webhook(_ changes: [String: String]) -> [String: String] {
            [
                "OTP_API_KEYS": entry, "OTP_WEBHOOK_URL": "https://example.com/",
                "OTP_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            ]
            .merging(changes) { $1 }
        }
        let cases: [(variables: [String: String], name: String)] = [
            ([:], "OTP_API_KEYS"), (["OTP_API_KEYS": "/nowhere"], "OTP_API_KEYS"),
            (["OTP_API_KEYS": "a:issue:sha256.x"], "OTP_API_KEYS"),
            (["OTP_API_KEYS": entry, "OTP_TRUSTED_PROXIES": "10.0.0.0/8,proxy"], "OTP_TRUSTED_PROXIES"),
            (["OTP_API_KEYS": entry, "OTP_PROXY_HEADER": "x-real-ip"], "OTP_PROXY_HEADER"),
            (["OTP_API_KEYS": entry, "OTP_REPORT_PATH_SECRET": "short"], "OTP_REPORT_PATH_SECRET"),
            (["OTP_API_KEYS": entry, "OTP_REPORT_PATH_SECRET": "s3cret/of-the-path"], "OTP_REPORT_PATH_SECRET"),
            (["OTP_API_KEYS": entry, "OTP_WEBHOOK_URL": "https://example.com/"], "OTP_WEBHOOK_SECRET"),
            (webhook(["OTP_WEBHOOK_URL": "http://example.com/"]), "OTP_WEBHOOK_URL"),
            (webhook(["OTP_WEBHOOK_URL": "https://127.0.0.1/"]), "OTP_WEBHOOK_URL"),
            (webhook(["OTP_WEBHOOK_SECRET": "whsec_AAAA"]), "OTP_WEBHOOK_SECRET"),
            (webhook(["OTP_WEBHOOK_ALLOW_PRIVATE": "yes"]), "OTP_WEBHOOK_ALLOW_PRIVATE"),
            (webhook(["OTP_WEBHOOK_URL": ""]), "OTP_WEBHOOK_URL"),
            (["OTP_API_KEYS": entry, "OTP_WEBHOOK_SECRET": "whsec_AAAA"], "OTP_WEBHOOK_SECRET"),
            (["OTP_API_KEYS": entry, "OTP_WEBHOOK_ALLOW_PRIVATE": "yes"], "OTP_WEBHOOK_ALLOW_PRIVATE"),
            (["OTP_API_KEYS": entry], "OTP_REDIS_URL"),
        ]
        for (variables, name) in cases {
            let run = try await Program.run(["serve", "--listen", "127.0.0.1:0"], environment: variables)
            #expect(run.status == 78 && run.errors.contains(name), "\(run)")
            #expect(!run.errors.contains(entry.suffix(20)))
        }
        for listen in ["8080", "127.0.0.1:", "127.0.0.1:70000", ":8080", "::1:8080", "x"] {
            let run = try await Program.run(["serve", "--listen", listen], environment: ["OTP_API_KEYS": entry])
            #expect(run.status == 64, "\(listen): \(run)")
        }
    }

    @Test func eachTenantOfAnAPIKeyHasItsOwnCodes() async throws {
        let (shop, shopText) = try APIKey.generate(id: "shop", scopes: [.issue, .verify], tenant: "shop")
        let (bank, bankText) = try APIKey.generate(id: "bank", scopes: [.issue, .verify], tenant: "bank")
        try await Demo.run { demo in
            let keys = ["OTP_API_KEYS": "\(shop.entry),\(bank.entry)"]
            let status = try await Self.serve(demo.environment.merging(keys) { _, new in new }) { service in
                let call = #""number":"+6591234567","purpose":"sign-in""#
                let issued = try await service.post("/v1/verifications", "{\(call)}", key: shopText)
                try #require(issued.status == 201, "\(issued)")
                let token = try #require(issued.text.firstMatch(of: /"token":"([^"]+)"/)?.1)
                let body = #"{\#(call),"token":"\#(token)","code":"\#(try await demo.code("+6591234567"))"}"#
                let path = "/v1/verifications/check"
                #expect(try await service.post(path, body, key: bankText).status != 200)
                #expect(try await service.post(path, body, key: shopText).status == 200)
                let other = #"{"tenant":"bank",\#(call)}"#
                #expect(try await service.post("/v1/verifications", other, key: shopText).status == 403)
            }
            #expect(status == 0)
        }
    }

    @Test func apiKeyIsPrintedOnceWithItsEntry() async throws {
        let run = try await Program.run([
            "api-key", "web", "--scope", "verify", "--tenant", "shop", "--until", "2027-01-31",
        ])
        #expect(run.status == 0 && run.lines.count == 2 && run.errors == "OTP_API_KEY is secret\n")
        let text = try #require(run.lines.first).dropFirst("OTP_API_KEY=".count)
        #expect(text.hasPrefix("ak1.web."))
        let entry = try #require(run.lines.last).dropFirst("OTP_API_KEYS=".count)
        #expect(entry.hasSuffix(":tenant=shop:until=2027-01-31") && !entry.contains(text.suffix(43)))
        #expect(try APIKeyRing(text: String(entry)).count == 1)
        for arguments in [
            ["web"], ["web", "--scope", "write"], ["a.b", "--scope", "issue"],
            ["web", "--scope", "issue", "--until", "soon"], ["web", "--scope", "issue", "--file", "/dev/zero"],
        ] {
            let run = try await Program.run(["api-key"] + arguments)
            #expect(run.status == 64 && !run.output.contains("ak1."), "\(run)")
        }
    }

    @Test func entryIsAppendedToAFileWithoutADuplicate() async throws {
        try await withFolder { folder in
            let file = folder + "/api-keys.txt"
            try "# keys".write(toFile: file, atomically: true, encoding: .utf8)
            _ = try await Self.key(["a", "--scope", "issue", "--file", file])
            _ = try await Self.key(["b", "--scope", "verify", "--file", file])
            let run = try await Program.run(["api-key", "a", "--scope", "issue", "--file", file])
            #expect(run.status == 64)
            let content = try String(contentsOfFile: file, encoding: .utf8)
            #expect(content.split(separator: "\n").count == 3 && content.hasSuffix("\n"))
            #expect(try APIKeyRing(text: content).count == 2)
        }
    }

    @Test func documentedVariablesAreThoseOfTheService() throws {
        let page = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Docs/HTTP.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let section = try #require(text.split(separator: "\n## Settings\n").last?.split(separator: "\n## ").first)
        let names = section.matches(of: /(?m)^\| `([A-Z_]+)` \|/).map { String($0.1) }
        #expect(names == Variable.server.map(\.name))
    }
}
