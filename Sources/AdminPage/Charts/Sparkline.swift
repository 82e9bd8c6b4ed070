// SPDX-License-Identifier: Apache-2.0

import HTMLPages

/// Small drawings in the cells of tables.
///
/// Screen readers skip the drawings.
enum Sparkline {
    /// Returns a drawing with one bar for each count; `nil` for fewer than two counts.
    ///
    /// - Parameters:
    ///   - counts: The counts.
    ///   - name: The CSS class of the drawing.
    /// - Returns: The drawing.
    static func bars(_ counts: [Int], _ name: HTML) -> HTML? {
        guard counts.count > 1 else { return nil }
        let top = max(counts.max() ?? 0, 1)
        let bars = counts.enumerated()
            .map { position, count -> HTML in
                let height = count > 0 ? max(count * 24 / top, 1) : 0
                return #"<rect x="\#(position * 4)" y="\#(24 - height)" width="3" height="\#(height)"/>"#
            }
        return """
            <svg class="spark \(name)" viewBox="0 0 \(counts.count * 4) 24" preserveAspectRatio="none" \
            aria-hidden="true">\(.joined(bars))</svg>
            """
    }

    /// Returns a drawing of a horizontal bar that is filled to a percentage.
    static func share(_ percent: Int, _ name: HTML) -> HTML {
        """
        <svg class="share \(name)" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">\
        <rect class="track" width="100" height="6"/><rect class="value" width="\(min(max(percent, 0), 100))" height="6"/></svg>
        """
    }
}
