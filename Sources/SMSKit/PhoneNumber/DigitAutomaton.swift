// SPDX-License-Identifier: Apache-2.0

/// A finite automaton over decimal digits, read directly from the text of ``NumberingMetadata/nodes``.
struct DigitAutomaton: Sendable {
    /// The node without a match and without successors.
    static let dead = 0

    private let symbols: [UInt8]

    init(_ text: String) {
        self.symbols = Array(text.utf8)
    }

    /// Returns the first label of a node.
    ///
    /// A node has two labels. In the automaton for regions, the labels are a region and a kind. In the automaton for trunk
    /// prefixes, such as the leading `0` of a domestic call, the labels are the numbers of two rules
    /// (``NumberingMetadata/actions``).
    func first(_ node: Int) -> Int { self.symbol(node) }

    /// Returns the second label of a node.
    func second(_ node: Int) -> Int { self.symbol(node + 1) }

    /// Returns the successor of a node for a digit.
    func node(after digit: Int, from node: Int) -> Int {
        var edge = node + 3
        for _ in 0..<self.symbol(node + 2) {
            let mask = self.symbol(edge) << 6 | self.symbol(edge + 1)
            if mask >> digit & 1 == 1 {
                return (self.symbol(edge + 2) << 6 | self.symbol(edge + 3)) << 6 | self.symbol(edge + 4)
            }
            edge += 5
        }
        return Self.dead
    }

    private func symbol(_ place: Int) -> Int { Int(self.symbols[place]) - 0x30 }
}
