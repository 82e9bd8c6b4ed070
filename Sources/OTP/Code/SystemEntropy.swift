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
/// `SystemRandomNumberGenerator` would make a system call for each number, which is seven system calls for each issued code.
struct SystemEntropy: RandomNumberGenerator {
    private var numbers: [UInt64]

    /// Draws the expected numbers with one system call.
    ///
    /// - Parameter count: The expected number of 64-bit numbers, at most 32.
    init(count: Int) {
        self.numbers = [UInt64](unsafeUninitializedCapacity: count) { buffer, filled in
            // `getentropy` fails only on systems that do not support it. `next` then draws the numbers one by one.
            filled = getentropy(buffer.baseAddress, count * MemoryLayout<UInt64>.size) == 0 ? count : 0
        }
    }

    mutating func next() -> UInt64 {
        if let number = self.numbers.popLast() { return number }
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}
