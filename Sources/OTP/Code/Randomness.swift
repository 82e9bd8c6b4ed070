import Synchronization

/// A source of random numbers that many tasks share.
public struct Randomness: Sendable {
    private final class Source: Sendable {
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

    func makeCode(_ format: CodeFormat) -> OneTimeCode {
        guard let source = self.source else {
            // Hardly ever is a number drawn again.
            var generator = SystemEntropy(count: format.length + 2)
            return format.makeCode(using: &generator)
        }
        return source.generator.withLock { generator in
            format.makeCode(using: &generator)
        }
    }

    func bytes(_ count: Int) -> [UInt8] {
        guard let source = self.source else {
            var generator = SystemEntropy(count: (count + 7) / 8)
            return Self.bytes(count, from: &generator)
        }
        return source.generator.withLock { Self.bytes(count, from: &$0) }
    }

    private static func bytes(_ count: Int, from generator: inout some RandomNumberGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            withUnsafeBytes(of: generator.next().littleEndian) {
                bytes.append(contentsOf: $0.prefix(count - bytes.count))
            }
        }
        return bytes
    }
}
