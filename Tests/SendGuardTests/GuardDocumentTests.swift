// SPDX-License-Identifier: Apache-2.0

import Foundation
import GuardSimulation
import Testing

@testable import SendGuard

/// Tests that the pages about the guard agree with the code.
@Suite struct GuardDocumentTests {
    private static func page(_ name: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent()
            .deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "Docs/\(name).md"), encoding: .utf8)
    }

    @Test func pageContainsTheTableOfRules() throws {
        #expect(try Self.page("GuardRules").contains(GuardRule.table(of: GuardRule.standard)))
    }

    @Test func pageContainsTheBoundsOfUnverifiedSends() throws {
        let page = try Self.page("GuardBounds")
        for scope in [GuardScope.block, .region, .homeRegion, .tenant] {
            let rule = GuardRule.standard.first { $0.name == GuardRule.Name(.unverified, scope) }
            guard case .bucket(let bucket) = try #require(rule).threshold else { continue }
            let bounds = [3_600, 8 * 3_600, 86_400, 7 * 86_400].map { PumpBound(bucket).messages(within: $0) }
            let row = "| \(scope) | " + bounds.map(String.init).joined(separator: " | ") + " |"
            #expect(page.contains(row), "\(row)")
        }
    }
}
