// SPDX-License-Identifier: Apache-2.0

extension SimulationChart {
    private static let barHeight = 14
    private static let colors = ["#2458a6", "#a8a8a8", "#d9812b", "#b3261e"]

    /// Returns an SVG document with charts below one another.
    package static func svg(_ charts: [SimulationChart]) -> String {
        var (y, elements) = (0, [String]())
        for chart in charts { elements += chart.elements(from: &y) }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="900" height="\(y + 20)" font-family="sans-serif" font-size="11">
            <rect width="100%" height="100%" fill="white"/>
            \(elements.joined(separator: "\n"))
            </svg>

            """
    }

    private func elements(from y: inout Int) -> [String] {
        y += 30
        let title = Self.escaped(self.name)
        var elements = [#"<text x="10" y="\#(y)" font-size="15">\#(title) (logarithmic scale)</text>"#]
        for group in self.groups {
            y += 22
            elements.append(#"<text x="10" y="\#(y)" font-weight="bold">\#(Self.escaped(group.name))</text>"#)
            for (position, bar) in group.bars.enumerated() {
                y += Self.barHeight + 1
                let (length, color) = (Int(bar.length * 500), Self.colors[position % Self.colors.count])
                elements += [
                    #"<text x="10" y="\#(y)">\#(Self.escaped(bar.title))</text>"#,
                    #"<rect x="170" y="\#(y - 10)" width="\#(length)" height="\#(Self.barHeight - 2)" fill="\#(color)"/>"#,
                    #"<text x="\#(176 + length)" y="\#(y)">\#(Self.escaped(bar.text))</text>"#,
                ]
            }
        }
        return elements
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
