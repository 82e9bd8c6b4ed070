// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite struct CatalogueExampleTests {
    /// The root folder of the package.
    private static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL

    /// The compiled example in the documentation catalogue of each module.
    private static let examples = [
        "SMSKit": "Snippets/Notification.swift",
        "OTP": "Snippets/Registration.swift",
        "OTPTesting": "Tests/DocumentationTests/OTPTestingExample.swift",
        "OTPEnvironment": "Snippets/Production.swift",
        "OTPRedis": "Snippets/RedisStore.swift",
        "Hiredis": "Snippets/RedisSettings.swift",
        "SendGuard": "Snippets/GuardedSend.swift",
        "OTPServer": "Snippets/HTTPRoutes.swift",
        "OTPServerTesting": "Tests/DocumentationTests/OTPServerTestingExample.swift",
        "SiteVerify": "Snippets/HumanCheck.swift",
        "Webhooks": "Snippets/WebhookReceiver.swift",
        "SendGuardTesting": "Tests/DocumentationTests/SendGuardTestingExample.swift",
        "OTPRedisTesting": "Tests/DocumentationTests/OTPRedisTestingExample.swift",
        "AlibabaSMS": "Snippets/AlibabaMessage.swift",
        "AlibabaSMSTesting": "Tests/DocumentationTests/AlibabaSMSTestingExample.swift",
        "AlibabaSMSEmulator": "Tests/DocumentationTests/AlibabaSMSEmulatorExample.swift",
    ]

    @Test func everyCatalogueHasACompiledExample() throws {
        let sources = Self.root.appending(path: "Sources")
        let modules = try FileManager.default.contentsOfDirectory(atPath: sources.path)
            .filter {
                FileManager.default.fileExists(atPath: sources.appending(path: "\($0)/\($0).docc").path)
            }
        #expect(Set(modules) == Set(Self.examples.keys))
    }

    @Test(arguments: examples.sorted { $0.key < $1.key })
    func catalogueShowsACompiledExample(module: String, example: String) throws {
        let page = try Self.read("Sources/\(module)/\(module).docc/\(module).md")
        let source = try Self.read(example)
        let start = try #require(
            source.range(of: "// snippet.show\n") ?? source.range(of: "shows this file from here on.\n\n")
        )
        #expect(page.contains("```swift\n\(source[start.upperBound...])```"))
    }

    private static func read(_ path: String) throws -> String {
        try String(contentsOf: self.root.appending(path: path), encoding: .utf8)
    }
}
