// SPDX-License-Identifier: Apache-2.0

import Foundation

/// An SVG chart of latency percentiles with logarithmic axes, and one line for each kind of request.
struct BenchChart {
    private static let (width, height, margin) = (720.0, 400.0, 60.0)
    private static let colours = ["#1f6feb", "#d1242f"]
    private static let ticks = [0, 90, 99, 99.9, 99.99]

    private let report: BenchReport

    init(_ report: BenchReport) { self.report = report }

    /// The chart as the text of an SVG image.
    var svg: String {
        let lines = self.report.steps.enumerated().map { self.line($0.element, Self.colours[$0.offset % 2], $0.offset) }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 400" font-family="sans-serif" font-size="12">
            <rect width="720" height="400" fill="#fff"/>
            <text x="60" y="24" font-size="14">Latency by percentile at \(self.report.rate) sign-ups per second</text>
            \((self.percentileAxis + self.latencyAxis + lines).joined(separator: "\n"))
            </svg>

            """
    }

    private var percentileAxis: [String] {
        Self.ticks.map { tick in
            let x = Self.text(self.x(tick))
            return #"<path d="M\#(x) 40V340" stroke="silver"/>"#
                + #"<text x="\#(x)" y="358" text-anchor="middle">\#(tick) %</text>"#
        }
    }

    private var latencyAxis: [String] {
        self.decades.map { decade in
            let milliseconds = pow(10, Double(decade))
            let y = Self.text(self.y(milliseconds))
            let label = milliseconds < 1 ? "\(milliseconds)" : "\(Int(milliseconds))"
            return #"<path d="M60 \#(y)H660" stroke="silver"/>"#
                + #"<text x="54" y="\#(y)" text-anchor="end">\#(label) ms</text>"#
        }
    }

    private func line(_ row: BenchReport.Row, _ colour: String, _ index: Int) -> String {
        let points = row.distribution.map { point in
            "\(Self.text(self.x(point.percentile))),\(Self.text(self.y(point.milliseconds)))"
        }
        return #"""
            <polyline points="\#(points.joined(separator: " "))" fill="none" stroke="\#(colour)" stroke-width="2"/>
            <text x="\#(80 + 80 * index)" y="388" fill="\#(colour)">\#(row.step.rawValue)</text>
            """#
    }

    /// The exponents of the lowest and the highest power of ten on the latency axis, which is in milliseconds.
    private var decades: ClosedRange<Int> {
        let values = self.report.steps.flatMap(\.distribution).map { max($0.milliseconds, 0.01) }
        let low = Int(floor(log10(values.min() ?? 1)))
        return low...max(low + 1, Int(ceil(log10(values.max() ?? 10))))
    }

    /// Returns the x coordinate of a percentile.
    ///
    /// The axis is logarithmic: 90 %, 99 % and 99.9 % are at equal distances.
    private func x(_ percentile: Double) -> Double {
        let nines = -log10(max(1 - percentile / 100, 0.000_05))
        return Self.margin + nines / 4.31 * (Self.width - 2 * Self.margin)
    }

    private func y(_ milliseconds: Double) -> Double {
        let decades = self.decades
        let part = (log10(max(milliseconds, 0.01)) - Double(decades.lowerBound)) / Double(decades.count - 1)
        return 340 - part * 300
    }

    private static func text(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
}
