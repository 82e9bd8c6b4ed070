// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// A deterministic random number generator (SplitMix64), so that a failing test can be repeated.
///
/// The generator is not cryptographically secure.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var numbers: SplitMix64

    /// Creates a generator.
    ///
    /// - Parameter seed: The seed.
    package init(seed: UInt64) {
        self.numbers = SplitMix64(seed: seed)
    }

    /// Returns the next number.
    package mutating func next() -> UInt64 { self.numbers.next() }
}

/// A generator that returns listed numbers, so that tests cover the edges of a random choice.
///
/// The generator traps after the last number.
package struct ScriptedGenerator: RandomNumberGenerator, Sendable {
    private var numbers: ArraySlice<UInt64>

    /// Creates a generator.
    ///
    /// - Parameter numbers: The numbers that the generator returns, in this order.
    package init(_ numbers: [UInt64]) {
        self.numbers = numbers[...]
    }

    /// Returns the next number.
    package mutating func next() -> UInt64 {
        guard let number = self.numbers.popFirst() else { preconditionFailure("the listed numbers are used up") }
        return number
    }
}
