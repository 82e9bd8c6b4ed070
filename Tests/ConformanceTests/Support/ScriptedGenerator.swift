// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// A generator of fixed numbers, followed by pseudo-random numbers.
struct ScriptedGenerator: RandomNumberGenerator, Sendable {
    var numbers: [UInt64]
    var tail = SplitMix64(seed: 1)

    mutating func next() -> UInt64 {
        self.numbers.isEmpty ? self.tail.next() : self.numbers.removeFirst()
    }
}
