// SPDX-License-Identifier: Apache-2.0

/// The identifier of a challenge, and a hash that an attempt or a resend must match.
///
/// If the hash differs from the stored hash, a store treats the challenge as absent and changes nothing.
public struct ChallengeReference: Sendable, Hashable {
    /// The identifier of the challenge.
    public var id: ChallengeID

    /// A 16-byte hash of the client's secret, the tenant, the purpose and the context.
    ///
    /// For a tokenless challenge, the value is a constant.
    public var check: [UInt8]

    /// Creates a reference.
    ///
    /// - Parameters:
    ///   - id: The identifier of the challenge.
    ///   - check: The 16-byte hash of the client's secret, the tenant, the purpose and the context.
    public init(id: ChallengeID, check: [UInt8]) {
        self.id = id
        self.check = check
    }
}
