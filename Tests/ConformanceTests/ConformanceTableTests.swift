// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Tests that every row of the conformance table has exactly one test, and that the threat model lists the rows.
@Suite struct ConformanceTableTests {
    /// The test of a row in the sources of this target.
    private struct RowTest {
        let row: String
        let text: String
        let mutant: String
    }

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    /// Returns the tests of the rows, with their display names and the descriptions of their mutants.
    private static func tests() throws -> [RowTest] {
        let files = FileManager.default.enumerator(at: self.folder, includingPropertiesForKeys: nil)
        let sources = (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
        return try sources.flatMap { source in
            try String(contentsOf: source, encoding: .utf8)
                .matches(of: /@Test\(\s*"((?:CT-|T)[0-9]+): ([^"]+)"(?:(?!@Test)[\s\S])*?\bmutant: "([^"]+)"/)
                .map { RowTest(row: String($0.1), text: String($0.2), mutant: String($0.3)) }
        }
    }

    @Test func tableHasAllRows() {
        let names = (1...30).map { "CT-\($0 < 10 ? "0" : "")\($0)" } + (1...22).map { "T\($0)" }
        #expect(ConformanceRow.all.map(\.name) == names)
    }

    @Test func everyRowHasOneTestWithAMutant() throws {
        let tests = try Self.tests().map(\.row).sorted()
        #expect(tests == ConformanceRow.all.filter(\.isTested).map(\.name).sorted())
    }

    @Test func rowWithoutATestBelongsToTheHTTPService() {
        for row in ConformanceRow.all where !row.isTested { #expect(row.http != nil, "\(row.name)") }
    }

    @Test func threatModelListsTheRows() throws {
        let tests = Dictionary(try Self.tests().map { ($0.row, $0) }) { first, _ in first }
        let rows = ConformanceRow.all.map { row in
            let test = tests[row.name]
            return [row.name, row.attack, test?.text ?? "–", test?.mutant ?? "–", row.http ?? "–"]
        }
        let lines = ([["Row", "Attack or fault", "Test", "Mutant", "Part of the HTTP service"]] + rows)
            .map { "| " + $0.joined(separator: " | ") + " |" }
        let table = ([lines[0], "|---|---|---|---|---|"] + lines.dropFirst()).joined(separator: "\n")
        let root = Self.folder.deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("Docs/ThreatModel.md"), encoding: .utf8)
        #expect(page.contains(table), "replace the table of Docs/ThreatModel.md by:\n\(table)")
    }
}
