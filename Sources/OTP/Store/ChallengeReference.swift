// SPDX-License-Identifier: Apache-2.0

/// The identifier of a challenge, and a hash of the values that its code is bound to.
///
/// An attempt or a resend with another hash is for another purpose, context or tenant. A store then treats the challenge as
/// absent and changes nothing.
public struct ChallengeReference: Sendable, Hashable {
    /// The identifier of the challenge.
    public var id: ChallengeID

    /// A 16-byte hash of the client's secret, tenant, purpose and context.
    ///
    /// For a tokenless challenge, the value is a constant.
    public var check: [UInt8]

    /// Creates a reference.
    ///
    /// - Parameters:
    ///   - id: The identifier of the challenge.
    ///   - check: A 16-byte hash of the values that the code is bound to.
    public init(id: ChallengeID, check: [UInt8]) {
        self.id = id
        self.check = check
    }
}
