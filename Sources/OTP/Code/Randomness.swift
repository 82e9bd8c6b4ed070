// SPDX-License-Identifier: Apache-2.0

import Synchronization
import SystemRandom

/// A source of random numbers that concurrent tasks can share.
package struct Randomness: Sendable {
    fileprivate final class Source: Sendable {
        let generator: Mutex<any RandomNumberGenerator & Sendable>

        init(_ generator: any RandomNumberGenerator & Sendable) {
            self.generator = Mutex(generator)
        }
    }

    /// The injected generator; `nil` for the system's generator, which needs no lock.
    private let source: Source?

    private init(source: Source?) {
        self.source = source
    }

    /// The cryptographically secure generator of the operating system.
    package static let system = Self(source: nil)

    /// Creates a source from a generator.
    ///
    /// - Parameter generator: The generator, which must be cryptographically secure outside of tests.
    package init(_ generator: some RandomNumberGenerator & Sendable) {
        self.source = Source(generator)
    }

    /// Returns a generator for the random numbers of one call of the service.
    ///
    /// - Parameter count: The expected number of 64-bit numbers, at most 32. The generator draws this many numbers with each
    ///   system call.
    /// - Returns: The generator.
    func numbers(_ count: Int) -> Numbers {
        Numbers(self.source, count: count)
    }

    func bytes(_ count: Int) -> [UInt8] {
        var numbers = self.numbers((count + 7) / 8)
        return numbers.bytes(count)
    }

    /// A random number generator that draws all expected numbers with one system call.
    struct Numbers: RandomNumberGenerator {
        private let source: Source?
        private var entropy: SystemEntropy

        fileprivate init(_ source: Source?, count: Int) {
            self.source = source
            self.entropy = SystemEntropy(count: source == nil ? count : 0)
        }

        mutating func next() -> UInt64 {
            guard let source = self.source else { return self.entropy.next() }
            return source.generator.withLock { $0.next() }
        }

        mutating func bytes(_ count: Int) -> [UInt8] {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(count)
            var number: UInt64 = 0
            for position in 0..<count {
                if position % 8 == 0 { number = self.next() }
                bytes.append(UInt8(truncatingIfNeeded: number))
                number >>= 8
            }
            return bytes
        }
    }
}
