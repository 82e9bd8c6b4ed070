// SPDX-License-Identifier: Apache-2.0

/// One scope of a send: its name in the ledger, and its rules.
public struct ScopeClaim: Sendable, Hashable {
    /// The number of bytes of a name.
    package static let nameLength = 12

    /// The name: 12 bytes of a keyed hash, so that a ledger holds no number and no address.
    ///
    /// 96 bits collide with a probability of 6e-12 among a billion names.
    public let name: [UInt8]

    /// The rules.
    public let limits: ScopeLimits

    /// Creates a claim.
    ///
    /// - Parameters:
    ///   - name: 12 bytes of a keyed hash.
    ///   - limits: The rules.
    public init(name: [UInt8], limits: ScopeLimits) {
        self.name = name
        self.limits = limits
    }
}
