// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite struct CatalogueExampleTests {
    /// The root of the package.
    private static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL

    @Test(arguments: [
        ("SMSKit", "Snippets/Notification.swift"),
        ("OTP", "Snippets/Registration.swift"),
        ("OTPTesting", "Tests/DocumentationTests/OTPTestingExample.swift"),
        ("OTPRedis", "Snippets/RedisStore.swift"),
        ("OTPEnvironment", "Snippets/Production.swift"),
        ("Hiredis", "Snippets/RedisSettings.swift"),
        ("OTPEnvironment", "Snippets/Production.swift"),
        ("OTPRedisTesting", "Tests/DocumentationTests/OTPRedisTestingExample.swift"),
        ("AlibabaSMS", "Snippets/AlibabaMessage.swift"),
        ("AlibabaSMSTesting", "Tests/DocumentationTests/AlibabaSMSTestingExample.swift"),
        ("AlibabaSMSEmulator", "Tests/DocumentationTests/AlibabaSMSEmulatorExample.swift"),
    ])
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
