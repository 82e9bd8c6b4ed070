// SPDX-License-Identifier: Apache-2.0

/// The identifier of a challenge, and a hash that must be the same in each attempt and each resend.
///
/// If the hash differs from the stored hash, the store treats the challenge as absent and changes nothing.
public struct ChallengeReference: Sendable, Hashable {
    /// The identifier of the challenge.
    public var id: ChallengeID

    /// A 16-byte hash of four values: the tenant, the purpose, the context, and the secret in the client's token.
    ///
    /// The context consists of optional values that a code is bound to, such as an amount and a payee. For a challenge without
    /// a token, the hash is a constant.
    public var check: [UInt8]

    /// Creates a reference.
    ///
    /// - Parameters:
    ///   - id: The identifier of the challenge.
    ///   - check: The 16-byte hash of the tenant, the purpose, the context, and the secret in the client's token.
    public init(id: ChallengeID, check: [UInt8]) {
        self.id = id
        self.check = check
    }
}
