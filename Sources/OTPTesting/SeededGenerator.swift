import SeededRandom

/// A generator whose numbers follow from a seed (SplitMix64), so that a failing test can be run again.
///
/// It is not secure: never let codes come from it outside a test.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var numbers: SplitMix64

    /// Creates a generator.
    ///
    /// - Parameter seed: What all numbers follow from.
    public init(seed: UInt64) {
        self.numbers = SplitMix64(seed: seed)
    }

    /// The next number.
    public mutating func next() -> UInt64 { self.numbers.next() }
}

/// A generator that gives listed numbers, to reach the edges of a random choice; asking for more is a mistake of the test.
public struct ScriptedGenerator: RandomNumberGenerator, Sendable {
    private var numbers: ArraySlice<UInt64>

    /// Creates a generator.
    ///
    /// - Parameter numbers: The numbers to give.
    public init(_ numbers: [UInt64]) {
        self.numbers = numbers[...]
    }

    /// The next number.
    public mutating func next() -> UInt64 {
        guard let number = self.numbers.popFirst() else { preconditionFailure("the listed numbers are used up") }
        return number
    }
}
