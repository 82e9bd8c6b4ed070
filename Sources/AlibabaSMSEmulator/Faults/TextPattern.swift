/// A text in which `*` stands for any text.
struct TextPattern: Sendable, Hashable {
    private let symbols: [UInt8]

    init(_ text: String) {
        self.symbols = Array(text.utf8)
    }

    /// Whether all of a text fits, byte by byte.
    func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { text in
            var place = 0
            var symbol = 0
            // Where to go back to: the last star, and the place up to which it has swallowed.
            var star: (symbol: Int, place: Int)?
            while place < text.count {
                if symbol < self.symbols.count, self.symbols[symbol] == UInt8(ascii: "*") {
                    star = (symbol, place)
                    symbol += 1
                } else if symbol < self.symbols.count, self.symbols[symbol] == text[place] {
                    symbol += 1
                    place += 1
                } else if let last = star {
                    star = (last.symbol, last.place + 1)
                    symbol = last.symbol + 1
                    place = last.place + 1
                } else {
                    return false
                }
            }
            return self.symbols[symbol...].allSatisfy { $0 == UInt8(ascii: "*") }
        }
    }
}
