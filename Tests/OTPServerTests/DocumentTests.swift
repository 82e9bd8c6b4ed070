// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Testing

@testable import OTPServer

/// Tests that the documentation of the HTTP service lists the same problems, members and limits as the code.
@Suite struct DocumentTests {
    private static func page(_ name: String) throws -> String {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Docs/\(name).md").standardizedFileURL
        return try String(contentsOf: path, encoding: .utf8)
    }

    /// Returns the rows of the tables in a section of a page, each as a list of cells.
    private static func rows(_ section: String, of page: String) throws -> [[String]] {
        let page = try Self.page(page)
        let text = try #require(page.split(separator: "\n## \(section)\n").last?.split(separator: "\n## ").first)
        return Self.rows(of: text)
    }

    /// Returns the rows of all tables in a text, each as a list of cells.
    private static func rows(of text: some StringProtocol) -> [[String]] {
        text.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("|---") }
            .map { row in row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    }

    @Test func everyProblemIsListedWithItsStatus() throws {
        let listed = try Self.rows("Problems", of: "HTTPRoutes").dropFirst().map { "\($0[0]) \($0[1])" }
        #expect(listed.sorted() == HTTPProblem.Code.all.map { "`\($0)` \($0.status)" }.sorted())
    }

    @Test func everyMemberAndRouteIsListed() throws {
        let cells = Set(try Self.rows("Routes", of: "HTTPRoutes").map { $0[0] })
        for operation in Operation.allCases { #expect(cells.contains("`POST \(operation.path)`")) }
        let members = Member.allCases.map(\.rawValue) + Member.Client.allCases.map { "client.\($0.rawValue)" }
        let listed = cells.filter { $0.hasPrefix("`") && !$0.hasPrefix("`POST ") }
        #expect(listed == Set(members.map { "`\($0)`" }))
    }

    @Test func successesAreListedWithTheirStatus() throws {
        let rows = try Self.rows("Routes", of: "HTTPRoutes").filter { $0[0].hasPrefix("`POST ") }
        let listed = rows.map { "\($0[0]) \($0[1])" }
        #expect(Set(listed) == Set(Operation.allCases.map { "`POST \($0.path)` \($0.success.code)" }))
    }

    @Test func routesOfOperatorsAreListedWithTheirMembers() throws {
        let rows = Self.rows(of: try Self.page("Administration"))
        let routes = rows.filter { $0[0].hasPrefix("`POST ") }.map { "\($0[0]) \($0[1])" }
        #expect(Set(routes) == Set(AdminOperation.allCases.map { "`POST \($0.path)` \($0.success.code)" }))
        let used = AdminOperation.allCases.flatMap { operation in
            (operation.required + operation.optional).map { "\($0.rawValue) \(operation.rawValue)" }
        }
        let listed = rows.filter { $0[0].hasPrefix("`") && !$0[0].hasPrefix("`POST ") }
            .flatMap { row in
                let names = { (cell: String) in cell.matches(of: /`([^`]+)`/).map { String($0.1) } }
                return names(row[0]).flatMap { member in names(row[1]).map { "\(member) \($0)" } }
            }
        #expect(listed.sorted() == used.sorted())
    }

    @Test func limitsAreThoseOfTheCode() throws {
        let limits = ConnectionLimits()
        let values = try Self.rows("Limits of connections", of: "HTTP").dropFirst().map { $0[1] }
        #expect(limits.connections == 10_000 && values[0] == "10,000")
        let seconds = [limits.idle, limits.head, limits.body, limits.write].map { "\($0.components.seconds) s" }
        #expect(Array(values[1...4]) == seconds)
        #expect(limits.headerSize == 16 * 1024 && values[5].hasPrefix("16 KiB"))
    }

    @Test func scopesAreListed() throws {
        let cells = try Self.rows("API keys", of: "HTTP").map { $0[0] }
        #expect(APIScope.all.allSatisfy { cells.contains("`\($0)`") })
    }

    @Test func comparisonWithTwilioNamesRoutesAndProblems() throws {
        let page = try Self.page("Twilio")
        let routes = Set(page.matches(of: /`POST (\/v1\/[^`]+)`/).map { String($0.1) })
        #expect(routes == Set(Operation.allCases.map(\.path)))
        let problems = Set(page.matches(of: /([45][0-9]{2}) `([a-z-]+)`/).map { "\($0.1) \($0.2)" })
        #expect(problems.count > 5)
        #expect(problems.isSubset(of: HTTPProblem.Code.all.map { "\($0.status) \($0)" }))
    }
}
