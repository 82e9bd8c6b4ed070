import Synchronization

/// A source of random numbers that many tasks share.
public struct Randomness: Sendable {
    fileprivate final class Source: Sendable {
        let generator: Mutex<any RandomNumberGenerator & Sendable>

        init(_ generator: any RandomNumberGenerator & Sendable) {
            self.generator = Mutex(generator)
        }
    }

    /// `nil` stands for the system's generator, which needs no lock.
    private let source: Source?

    private init(source: Source?) {
        self.source = source
    }

    /// The generator of the operating system, which is cryptographically secure.
    public static let system = Self(source: nil)

    /// Creates a source from a generator.
    ///
    /// - Parameter generator: A cryptographically secure generator; any other is for tests only.
    public init(_ generator: some RandomNumberGenerator & Sendable) {
        self.source = Source(generator)
    }

    /// The random numbers of one step: a count that is expected to be needed, at most 32, and more if need be.
    func numbers(_ count: Int) -> Numbers {
        Numbers(self.source, count: count)
    }

    func bytes(_ count: Int) -> [UInt8] {
        var numbers = self.numbers((count + 7) / 8)
        return numbers.bytes(count)
    }

    /// Random numbers that the system was asked for at once.
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
            while bytes.count < count {
                withUnsafeBytes(of: self.next().littleEndian) {
                    bytes.append(contentsOf: $0.prefix(count - bytes.count))
                }
            }
            return bytes
        }
    }
}
