// SPDX-License-Identifier: Apache-2.0

/// The name of a challenge and a hash of the values that its code is bound to.
///
/// An attempt or a resend with another check is for another purpose, context or tenant: a store treats the challenge as
/// absent and changes nothing.
public struct ChallengeReference: Sendable, Hashable {
    /// The name of the challenge.
    public var id: ChallengeID

    /// 16 bytes of a hash of tenant, purpose and context, keyed with the client's secret.
    public var check: [UInt8]

    /// Creates a reference.
    ///
    /// - Parameters:
    ///   - id: The name of the challenge.
    ///   - check: 16 bytes of a hash of the values that the code is bound to.
    public init(id: ChallengeID, check: [UInt8]) {
        self.id = id
        self.check = check
    }
}
