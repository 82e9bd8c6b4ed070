// SPDX-License-Identifier: Apache-2.0

/// The name of a scope (``GuardScope``) in a ledger: 12 bytes of a keyed hash.
///
/// A ledger therefore contains no phone numbers or addresses. Among a billion names, the probability of a collision is 6e-12.
public struct ScopeName: Sendable, Hashable {
    /// The number of bytes of a name.
    public static let byteCount = 12

    private let high: UInt64
    private let low: UInt32

    /// Creates a name.
    ///
    /// - Parameter hash: A keyed hash with at least 12 bytes, of which the first 12 are the name.
    public init(_ hash: some Collection<UInt8>) {
        precondition(hash.count >= Self.byteCount, "a keyed hash has at least \(Self.byteCount) bytes")
        let bytes = hash.prefix(Self.byteCount)
        self.high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        self.low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The first byte of the name.
    package var firstByte: UInt8 { UInt8(truncatingIfNeeded: self.high >> 56) }

    /// The bytes of the name.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.byteCount) { bytes, count in
            withUnsafeBytes(of: self.high.bigEndian) { _ = bytes.initialize(fromContentsOf: $0) }
            withUnsafeBytes(of: self.low.bigEndian) { _ = bytes[8...].initialize(fromContentsOf: $0) }
            count = Self.byteCount
        }
    }

    /// Hashes a part of the name, which is sufficient because a name is a hash itself.
    public func hash(into hasher: inout Hasher) { hasher.combine(self.high) }
}
