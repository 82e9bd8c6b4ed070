/// Values by prefixes of digits, found by walking down from digit to digit.
struct PrefixTree<Value: Sendable>: Sendable {
    /// For each node the ten nodes below it, 0 where there is none; the first node is the empty prefix.
    private var below = [Int](repeating: 0, count: 10)
    private var values: [Value?] = [nil]

    /// Sets the value of a prefix; one that is not of ASCII digits is passed over.
    mutating func insert(_ value: Value, at prefix: some Sequence<UInt8>) {
        var node = 0
        for character in prefix {
            guard let branch = Self.branch(of: character, at: node) else { return }
            if self.below[branch] == 0 {
                self.below[branch] = self.values.count
                self.below += [Int](repeating: 0, count: 10)
                self.values.append(nil)
            }
            node = self.below[branch]
        }
        self.values[node] = value
    }

    /// The value of the longest prefix of a text that has one.
    func longestMatch(_ text: some Sequence<UInt8>) -> Value? {
        var node = 0
        var found = self.values[0]
        for character in text {
            guard let branch = Self.branch(of: character, at: node), self.below[branch] != 0 else { break }
            node = self.below[branch]
            if let value = self.values[node] { found = value }
        }
        return found
    }

    private static func branch(of character: UInt8, at node: Int) -> Int? {
        let digit = Int(character) - 0x30
        return (0...9).contains(digit) ? node * 10 + digit : nil
    }
}
