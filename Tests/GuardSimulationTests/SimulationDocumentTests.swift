// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import SendGuard
import Testing

@testable import GuardSimulation

/// Tests that the tables of `Docs/Simulations.md` agree with the short simulations.
@Suite struct SimulationDocumentTests {
    private static let page = text("Docs/Simulations.md")
    private static let readme = text("README.md")

    private static func text(_ path: String) -> String {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
        return (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
    }

    @Test func pageContainsTheRowsOfTheQuickPumpingAttacks() async throws {
        let quick = TrafficExperiment.pump.filter { ($0.attack?.duration ?? .max) <= 3_600 }
        #expect(quick.count > 6)
        try Self.expectRows(of: try await TrafficExperiment.table(quick, name: "pump", seed: 1, runs: 1))
    }

    @Test func pageContainsTheRowsOfBombedNumbers() async throws {
        try Self.expectRows(
            of: try await TrafficExperiment.table(TrafficExperiment.bomb, name: "bomb", seed: 1, runs: 1)
        )
    }

    @Test func pageContainsTheRowOfAFastReverseAttack() async throws {
        try Self.expectRows(of: try await ReverseExperiment.table(seed: 1, runs: 1, only: 1..<2))
    }

    @Test func pageContainsTheRowsOfGuessedCodesApartFromTheMeasurement() throws {
        let table = try GuessExperiment.table(seed: 1, runs: 1)
        for row in table.rows {
            // The page has 10,000 runs of some rows.
            let cells = row.map { if case .share = $0 { Optional<String>.none } else { $0.text } }
            let isShown = Self.rows.contains { shown in
                shown.count == cells.count && zip(shown, cells).allSatisfy { $0.1 == nil || $0.0 == $0.1 }
            }
            #expect(isShown, "\(cells)")
        }
    }

    @Test func pageNamesTheCommandThatPrintsTheTables() {
        #expect(Self.page.contains("otp simulate --all --markdown"))
        for name in ["guess", "reverse", "bomb", "pump", "lockout", "race", "launch"] {
            #expect(Self.page.contains("## \(name)\n\n`otp simulate \(name) --seed 1`\n"), "\(name)")
        }
    }

    @Test func readmeHasTheFiguresOfThePage() throws {
        let shown = Self.rows(of: Self.readme).filter { $0.last?.hasPrefix("`otp simulate") ?? false }
        #expect(shown.count >= 8)
        for cells in shown {
            let row = try #require(Self.rows.first { $0.first == cells[0] && $0.count == 12 }, "\(cells)")
            // The columns sent, bound, number limits and Authgear.
            #expect([cells[1], cells[2], cells[3], cells[4]] == [row[3], row[2], row[7], row[6]], "\(cells)")
        }
        let users = try #require(Self.rows.first { $0.first == "10,000 users of a home region" })
        #expect(
            Self.readme.replacing("\n", with: " ")
                .contains(
                    "The guard refuses \(users[9]) of them and challenges \(users[10]). "
                        + "The rules of Authgear refuse \(users[11])."
                )
        )
    }

    private static let lines = Set(page.split(separator: "\n"))

    /// The cells of all table rows in `Docs/Simulations.md`.
    private static let rows = rows(of: page)

    private static func rows(of text: String) -> [[String]] {
        text.split(separator: "\n").filter { $0.hasPrefix("| ") }
            .map { line in line.dropFirst(2).dropLast(2).components(separatedBy: " | ") }
    }

    private static func expectRows(of table: SimulationTable) throws {
        for line in table.markdown.split(separator: "\n").dropFirst(2) {
            let isShown = Self.lines.contains(line)
            #expect(isShown, "\(line)")
        }
    }
}
