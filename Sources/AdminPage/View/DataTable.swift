// SPDX-License-Identifier: Apache-2.0

import HTMLPages

/// A table that can be scrolled on a narrow screen.
enum DataTable {
    /// The title and the kind of a column.
    ///
    /// The kind determines the alignment.
    enum Column {
        /// A left-aligned column of texts.
        case text(HTML)
        /// A right-aligned column of numbers.
        case number(HTML)
        /// A column of texts that is hidden on narrow screens.
        case wideText(HTML)
        /// A column of numbers or drawings that is hidden on narrow screens.
        case wideNumber(HTML)

        fileprivate var head: HTML {
            switch self {
            case .text(let name): #"<th scope="col" class="text">\#(name)</th>"#
            case .number(let name): #"<th scope="col">\#(name)</th>"#
            case .wideText(let name): #"<th scope="col" class="text extra">\#(name)</th>"#
            case .wideNumber(let name): #"<th scope="col" class="extra">\#(name)</th>"#
            }
        }
    }

    /// Returns the table.
    ///
    /// - Parameters:
    ///   - title: The name for screen readers.
    ///   - columns: The columns.
    ///   - rows: The rows, as `tr` elements.
    /// - Returns: The table.
    static func html(_ title: HTML, _ columns: [Column], _ rows: [HTML]) -> HTML {
        """
        <div class="scroll" tabindex="0" role="region" aria-label="\(title)"><table>
        <thead><tr>\(.joined(columns.map(\.head)))</tr></thead>
        <tbody>\(.joined(rows))</tbody></table></div>
        """
    }
}
