// SPDX-License-Identifier: Apache-2.0

import HTMLPages

/// A chart of stacked bars: verified sends, sends that were not verified, and refusals.
struct BarChart {
    /// A bar of the chart, for one day or for one interval of five minutes.
    struct Bar {
        /// The text below the bar: the day, or the time of day at which the interval starts.
        var label: String
        /// The counts in the bar; `nil` if there are no measurements.
        var activity: Activity?
    }

    /// The size of the drawing, in the units of its SVG view box.
    ///
    /// The page scales the drawing to the available width.
    private static let (width, height) = (720, 200)

    var title: String
    var bars: [Bar]

    /// The chart with a legend, and a table of the same numbers.
    var html: HTML {
        let top = Self.scale(self.bars.compactMap { $0.activity.map { Self.parts($0).reduce(0, +) } }.max() ?? 0)
        return """
            <figure class="chart">
            <figcaption>\(self.title)</figcaption>
            <ul class="legend"><li class="verified">Verified</li><li class="sent">Not verified</li>\
            <li class="refused">Refused</li></ul>
            <div class="plot">
            <div class="scale" aria-hidden="true"><span>\(Texts.number(top))</span><span>\(Texts.number(top / 2))</span>\
            <span>0</span></div>
            \(self.drawing(top))
            <div class="axis\(self.hasAllLabels ? " each" : "")" aria-hidden="true">\(.joined(self.axis))</div>
            </div>
            \(self.table)
            </figure>
            """
    }

    private func drawing(_ top: Int) -> HTML {
        let step = Double(Self.width) / Double(max(self.bars.count, 1))
        let bars = self.bars.enumerated().map { position, bar in self.bar(bar, Double(position) * step, step, top) }
        let lines: [HTML] = [0, Self.height / 2].map { #"<path class="grid" d="M0 \#($0)H\#(Self.width)"/>"# }
        return """
            <svg viewBox="0 0 \(Self.width) \(Self.height)" preserveAspectRatio="none" role="img" \
            aria-label="\(self.title). The table below the chart contains the numbers.">\
            \(.joined(lines))\(.joined(bars))<path class="base" d="M0 \(Self.height)H\(Self.width)"/></svg>
            """
    }

    private func bar(_ bar: Bar, _ x: Double, _ step: Double, _ top: Int) -> HTML {
        guard let activity = bar.activity, activity.requests + activity.verified > 0 else { return "" }
        var bottom = Double(Self.height)
        let names: [HTML] = ["verified", "sent", "refused"]
        let parts = zip(names, Self.parts(activity))
            .map { name, count -> HTML in
                guard count > 0 else { return "" }
                let height = Double(count) / Double(top) * Double(Self.height)
                bottom -= height
                let (left, width) = (Self.decimal(x + step * 0.14), Self.decimal(step * 0.72))
                return
                    #"<rect class="\#(name)" x="\#(left)" y="\#(Self.decimal(bottom))" width="\#(width)" height="\#(Self.decimal(height))"/>"#
            }
        return "<g><title>\(bar.label): \(Self.text(activity))</title>\(.joined(parts))</g>"
    }

    /// Whether every bar has a label; otherwise only the first, the middle and the last bar have labels.
    private var hasAllLabels: Bool { self.bars.count <= 7 }

    /// The labels of the bars.
    private var axis: [HTML] {
        let count = self.bars.count
        let positions = self.hasAllLabels ? Array(0..<count) : [0, count / 2, count - 1]
        return positions.map { "<span>\(self.bars[$0].label)</span>" }
    }

    private var table: HTML {
        let rows = self.bars.reversed()
            .map { bar -> HTML in
                guard let activity = bar.activity else {
                    return #"<tr><th scope="row">\#(bar.label)</th><td colspan="3">not measured</td></tr>"#
                }
                return """
                    <tr><th scope="row">\(bar.label)</th><td>\(Texts.number(activity.sent))</td>\
                    <td>\(Texts.number(activity.verified))</td><td>\(Texts.number(activity.refused))</td></tr>
                    """
            }
        let table = DataTable.html(
            "\(self.title)",
            [.text("Time"), .number("Sent"), .number("Verified"), .number("Refused")],
            rows
        )
        return "<details><summary>Show the numbers</summary>\(table)</details>"
    }

    private static func text(_ activity: Activity) -> String {
        "\(Texts.number(activity.sent)) sent, \(Texts.number(activity.verified)) verified, "
            + "\(Texts.number(activity.refused)) refused"
    }

    /// Returns the counts of the three parts of a bar, from the bottom to the top: verified, not verified, refused.
    ///
    /// A code can be verified in a later interval than the interval of its send. An interval can therefore have more verified
    /// codes than sends. The count of unverified sends is then 0 instead of negative.
    private static func parts(_ activity: Activity) -> [Int] {
        [activity.verified, activity.sent - activity.verified, activity.refused].map { max($0, 0) }
    }

    /// Returns the upper end of the chart's scale: the first of 2, 4, 6, 8, 10, 20, 40, 60 and so on that is at least `number`.
    static func scale(_ number: Int) -> Int {
        var unit = 1
        while true {
            for factor in [2, 4, 6, 8, 10] where factor * unit >= number { return factor * unit }
            let (next, overflows) = unit.multipliedReportingOverflow(by: 10)
            guard !overflows, next <= Int.max / 10 else { return number }
            unit = next
        }
    }

    /// Returns a number as text, rounded to one decimal.
    private static func decimal(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
}
