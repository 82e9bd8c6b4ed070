// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import GuardSimulation

@Suite struct SimulationTableTests {
    private static let table = SimulationTable(
        name: "test",
        columns: [
            .init(key: "row", title: "row"), .init(key: "sent", title: "sent", isCharted: true),
            .init(key: "share", title: "share"),
        ],
        rows: [
            [.text("first & <last>"), .count(20), .share(Proportion(0, of: 10_000))],
            [.text("second"), .counts(9_998...10_000), .empty],
        ]
    )

    @Test(arguments: [
        (0, 10_000, 0.0, 3.84e-4), (0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
    ])
    func intervalIsWilsons(count: Int, total: Int, low: Double, high: Double) {
        let interval = Proportion(count, of: total).interval
        #expect(abs(interval.lowerBound - low) < 1e-4 && abs(interval.upperBound - high) < 1e-4, "\(interval)")
    }

    @Test func proportionWithoutTrialsIsUnknown() {
        #expect(Proportion(0, of: 0).interval == 0...1)
    }

    @Test func tableAlignsItsColumns() {
        let lines = Self.table.text.split(separator: "\n")
        #expect(lines[0] == "row" + Self.spaces(19) + "sent" + Self.spaces(10) + "share")
        #expect(lines[1] == "first & <last>" + Self.spaces(10) + "20  0 [0, 3.8e-4]")
        #expect(lines[2] == "second" + Self.spaces(10) + "9998–10000" + Self.spaces(14) + "–")
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }

    @Test func markdownHasALineForEachRow() {
        let lines = Self.table.markdown.split(separator: "\n")
        #expect(lines.count == 4 && lines[1] == "|---|---|---|" && lines[3] == "| second | 9998–10000 | – |")
    }

    @Test func jsonHasAnObjectForEachRow() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = String(decoding: try encoder.encode(Self.table), as: UTF8.self)
        #expect(json.contains(#"{"row":"second","sent":{"high":10000,"low":9998}}"#), "\(json)")
        #expect(json.contains(#""sent":20"#) && json.contains(#""simulation":"test""#))
        #expect(json.contains(#""share":{"count":0,"high":"#) && json.contains(#""total":10000"#))
    }

    @Test(arguments: [
        (SimulationTable.Cell.probability(1.99998e-5), "2.0e-5"), (.probability(0.185494), "0.19"),
        (.probability(0.01), "0.01"),
        (.probability(9.9995e-5), "1.0e-4"), (.probability(0), "0"), (.probability(1), "1"), (.money(500), "0.05"),
        (.money(123_456), "12.35"),
        (.seconds(43), "43 s"),
        (.empty, "–"), (.share(Proportion(1, of: 2)), "0.5 [0.095, 0.91]"),
    ])
    func cellIsShortText(cell: SimulationTable.Cell, text: String) {
        #expect(cell.text == text)
    }

    @Test func chartHasABarForEachValue() {
        let lines = SimulationChart(Self.table).text.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[1].hasSuffix("█ 20") && lines[3].hasSuffix("█ 9998–10000"))
        #expect(lines[1].count < lines[3].count)
    }

    @Test func svgIsXMLWithEscapedNames() throws {
        let svg = SimulationChart.svg([SimulationChart(Self.table)])
        #expect(svg.contains("first &amp; &lt;last&gt;") && svg.hasPrefix("<svg "))
        let parser = XMLShape(svg)
        #expect(parser.isBalanced && parser.rectangles == 3)
    }
}

/// Counts the elements of an XML document without Foundation's XML parser, which is in a separate module.
private struct XMLShape {
    let isBalanced: Bool
    let rectangles: Int

    init(_ text: String) {
        let opened = text.matches(of: #/<[a-z]+[ >]/#).count
        let closed = text.matches(of: #/<\/[a-z]+>|\/>/#).count
        self.isBalanced = opened == closed
        self.rectangles = text.matches(of: #/<rect /#).count
    }
}
