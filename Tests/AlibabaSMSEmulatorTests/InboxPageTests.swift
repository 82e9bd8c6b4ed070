// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import Testing

@testable import AlibabaSMSEmulator

/// Tests of the inbox page and its script modules.
@Suite struct InboxPageTests {
    @Test func `Every module that the page imports is served as JavaScript`() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [try key()])) { emulator async throws in
            let page = try await fetch("\(emulator.baseURL)/")
            #expect(page.text.contains("src=\"/page/page.js\""))
            var pending = ["page.js"]
            var loaded: Set<String> = []
            while let name = pending.popLast() {
                guard loaded.insert(name).inserted else { continue }
                let module = try await fetch("\(emulator.baseURL)/page/\(name)")
                #expect(module.status == 200, "\(name)")
                #expect(module.headers.first(name: "content-type") == "text/javascript; charset=utf-8", "\(name)")
                #expect(module.headers.first(name: "x-content-type-options") == "nosniff", "\(name)")
                pending += module.text.matches(of: /from "\.\/([a-z]+\.js)"/).map { String($0.output.1) }
            }
            #expect(loaded.count > 5)
        }
    }

    @Test(arguments: ["none.js", "page.css", "page.html", "..%2Fpage.html", "%2e%2e"])
    func `Only modules are served below the path of the modules`(name: String) async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [try key()])) { emulator async throws in
            #expect(try await fetch("\(emulator.baseURL)/page/\(name)").status == 404)
        }
    }

    @Test func `The policy of the page admits only its own modules`() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [try key()])) { emulator async throws in
            let page = try await fetch("\(emulator.baseURL)/")
            let policy = try #require(page.headers.first(name: "content-security-policy"))
            let nonce = try #require(policy.firstMatch(of: /script-src 'nonce-([0-9a-f]{32})'/)?.output.1)
            #expect(page.text.contains("<script type=\"module\" nonce=\"\(nonce)\""))
            #expect(!page.text.contains("{{"))
            #expect(!policy.contains("unsafe"))
        }
    }
}
