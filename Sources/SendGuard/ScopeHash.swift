// SPDX-License-Identifier: Apache-2.0

/// A keyed hash for the names of scopes (``GuardScope``), so that a stolen ledger reveals no phone numbers or addresses.
///
/// Use HMAC-SHA-256 with a separate key, and do not store the key in the ledger. An unkeyed hash is not sufficient, because an
/// attacker can hash all phone numbers within seconds.
public struct ScopeHash: Sendable {
    private let hash: @Sendable ([UInt8]) -> [UInt8]

    /// Creates a hash.
    ///
    /// - Parameter hash: A closure that returns a keyed hash of its argument. The hash must have at least 12 bytes.
    public init(_ hash: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        self.hash = hash
    }

    /// Returns the name of a scope.
    ///
    /// Each field has a length prefix, so that different lists of fields never lead to the same hash input.
    func name(_ scope: GuardScope, _ fields: some Sequence<[UInt8]>) -> ScopeName {
        ScopeName(self.bytes(label: scope.rawValue, fields))
    }

    /// Returns the keyed hash of a label and fields.
    func bytes(label: UInt8, _ fields: some Sequence<[UInt8]>) -> [UInt8] {
        var bytes = [label]
        bytes.reserveCapacity(64)
        for field in fields {
            let count = UInt32(truncatingIfNeeded: field.count)
            for shift in stride(from: 24, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: count >> shift))
            }
            bytes += field
        }
        return self.hash(bytes)
    }
}
