// SPDX-License-Identifier: Apache-2.0

/// One scope of a send, with its name in the ledger and its rules.
public struct ScopeClaim: Sendable, Hashable {
    /// The number of bytes of a name.
    package static let nameLength = 12

    /// The name, which is 12 bytes of a keyed hash, so that a ledger contains no number and no address.
    ///
    /// The probability of a collision among a billion names is 6e-12.
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
