#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The operating system's generator, asked for several numbers at once.
///
/// `SystemRandomNumberGenerator` asks it for each number; an issue would call it seven times.
struct SystemEntropy: RandomNumberGenerator {
    private var numbers: [UInt64]

    /// Draws numbers.
    ///
    /// - Parameter count: How many are expected to be needed, at most 32; more can be had.
    init(count: Int) {
        self.numbers = [UInt64](unsafeUninitializedCapacity: count) { buffer, filled in
            // It fails only where there is no such call, and then `next` has to ask one by one.
            filled = getentropy(buffer.baseAddress, count * MemoryLayout<UInt64>.size) == 0 ? count : 0
        }
    }

    mutating func next() -> UInt64 {
        if let number = self.numbers.popLast() { return number }
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}
