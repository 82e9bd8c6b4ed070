// SPDX-License-Identifier: Apache-2.0

/// The keyed hash that names scopes in a ledger, so that a stolen ledger reveals no number and no address.
///
/// Use HMAC-SHA-256 with a key of its own, outside the ledger. An unkeyed hash is not enough: all numbers can be tried in seconds.
public struct ScopeHash: Sendable {
    private let hash: @Sendable ([UInt8]) -> [UInt8]

    /// Creates a hash.
    ///
    /// - Parameter hash: A closure that returns at least 12 bytes of a keyed hash of some bytes.
    public init(_ hash: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        self.hash = hash
    }

    /// Returns the name of a scope.
    ///
    /// Each field is preceded by its length, so two lists of fields never hash alike.
    func name(_ scope: GuardScope, _ fields: some Sequence<[UInt8]>) -> [UInt8] {
        self.name(label: scope.rawValue, fields)
    }

    /// Returns the first bytes of the keyed hash of a label and fields.
    func name(label: UInt8, _ fields: some Sequence<[UInt8]>) -> [UInt8] {
        var bytes = [label]
        for field in fields {
            let count = UInt32(truncatingIfNeeded: field.count)
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) }
            bytes += field
        }
        return Array(self.hash(bytes).prefix(ScopeClaim.nameLength))
    }
}
