// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The random number generator of the operating system, with one system call for several numbers.
///
/// `SystemRandomNumberGenerator` makes a system call for each number, and an issued code needs seven numbers.
package struct SystemEntropy: RandomNumberGenerator, Sendable {
    private let count: Int
    private var numbers: [UInt64] = []

    /// Creates a generator.
    ///
    /// - Parameter count: The number of 64-bit numbers per system call, at most 32.
    package init(count: Int) { self.count = count }

    /// Returns the next number.
    package mutating func next() -> UInt64 {
        if self.numbers.isEmpty { self.numbers = Self.draw(self.count) }
        if let number = self.numbers.popLast() { return number }
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    private static func draw(_ count: Int) -> [UInt64] {
        [UInt64](unsafeUninitializedCapacity: count) { buffer, filled in
            // `getentropy` fails only on systems that do not support it. The caller then generates the numbers one by one.
            filled = getentropy(buffer.baseAddress, count * MemoryLayout<UInt64>.size) == 0 ? count : 0
        }
    }
}
