// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Tests that every row of the conformance table has exactly one test, and that the documentation lists the rows.
@Suite struct ConformanceTableTests {
    /// The test of a row in the sources of this target.
    private struct RowTest {
        let row: String
        let text: String
        let trials: String
        let mutant: String
    }

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    private static let testsFolder = Self.folder.deletingLastPathComponent()

    /// Returns the sources of a test target.
    private static func sources(_ target: String) throws -> [String] {
        let folder = Self.testsFolder.appendingPathComponent(target)
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return try (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
            .map { try String(contentsOf: $0, encoding: .utf8) }
    }

    /// Returns the tests of the rows, with their display names, their trials and the descriptions of their mutants.
    private static func tests() throws -> [RowTest] {
        let head = #"@Test\(\s*"((?:CT-|T)[0-9]+): ([^"]+)",\s*arguments: Trial\.(\w+)"#
        let test = try Regex(
            head + #"(?:(?!@Test)[\s\S])*?\bmutant: "([^"]+)""#,
            as: (Substring, Substring, Substring, Substring, Substring).self
        )
        return try Self.sources(Self.folder.lastPathComponent)
            .flatMap { $0.matches(of: test) }
            .map { match in
                let texts = (String(match.1), String(match.2), String(match.3), String(match.4))
                return RowTest(row: texts.0, text: texts.1, trials: texts.2, mutant: texts.3)
            }
    }

    /// Returns the source of a suite, such as `OTPServerTests/ProxyTests`, or of the suite of a test function.
    private static func suite(_ path: String) throws -> String? {
        let parts = path.split(separator: "/")
        guard (2...3).contains(parts.count) else { return nil }
        let suite = try Regex("@Suite[^\\n]* struct \(parts[1])\\b")
        let source = try Self.sources(String(parts[0])).first { $0.contains(suite) }
        guard let source, parts.count == 3 else { return source }
        return source.contains(try Regex("@Test[^\\n]*\\n?[^\\n]*\\bfunc \(parts[2])\\(")) ? source : nil
    }

    /// Returns the display name of a row's test in another target, without the name of the row.
    private static func text(of row: ConformanceRow) throws -> String? {
        guard let path = row.http.paths.first, let source = try Self.suite(path) else { return nil }
        let test = try Regex("@Test\\(\\s*\"\(row.name): ([^\"]+)\"", as: (Substring, Substring).self)
        let names = source.matches(of: test)
        return names.count == 1 ? String(names[0].1) : nil
    }

    @Test func tableHasAllRows() {
        let names = (1...30).map { "CT-\($0 < 10 ? "0" : "")\($0)" } + (1...22).map { "T\($0)" }
        #expect(ConformanceRow.all.map(\.name) == names)
    }

    @Test func everyRowHasOneTestWithAMutant() throws {
        let tests = try Self.tests().map(\.row).sorted()
        #expect(tests == ConformanceRow.all.filter(\.isTested).map(\.name).sorted())
    }

    @Test func rowsOfTheTableRunThroughAllDoors() throws {
        let tests = try Self.tests().filter { $0.trials == "onStoresAndDoors" }.map(\.row).sorted()
        #expect(tests == ConformanceRow.all.filter(\.http.isInTable).map(\.name).sorted())
    }

    @Test func everyRowStatesItsTestsOverHTTP() {
        for row in ConformanceRow.all { #expect(!row.http.text.isEmpty, "\(row.name)") }
    }

    @Test func rowWithoutATestHasOneInAnotherTarget() throws {
        let rows = ConformanceRow.all.filter { !$0.isTested }
        #expect(rows.map(\.name) == ["T6", "T11"])
        for row in rows { #expect(try Self.text(of: row) != nil, "\(row.name)") }
    }

    @Test(arguments: Set(ConformanceRow.all.flatMap(\.http.paths))) func namedTestExists(path: String) throws {
        #expect(try Self.suite(path) != nil)
    }

    @Test(arguments: [
        "OTPServerTests/NoTests", "NoTests/ProxyTests", "OTPServerTests", "OTPServerTests/ProxyTests/none",
    ])
    func otherNameIsNotFound(path: String) throws {
        #expect(try Self.suite(path) == nil)
    }

    @Test func threatModelListsTheRows() throws {
        let tests = Dictionary(try Self.tests().map { ($0.row, $0) }) { first, _ in first }
        let rows = try ConformanceRow.all.map { row in
            let test = tests[row.name]
            let text = try test?.text ?? Self.text(of: row)
            return [row.name, row.attack, text ?? "–", test?.mutant ?? "–", row.http.text]
        }
        let lines = ([["Row", "Attack or fault", "Test", "Mutant", "Tests over HTTP"]] + rows)
            .map { "| " + $0.joined(separator: " | ") + " |" }
        let table = ([lines[0], "|---|---|---|---|---|"] + lines.dropFirst()).joined(separator: "\n")
        let root = Self.testsFolder.deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("Docs/Conformance.md"), encoding: .utf8)
        #expect(page.contains(table), "replace the table of Docs/Conformance.md by:\n\(table)")
    }
}
