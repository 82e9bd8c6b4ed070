// SPDX-License-Identifier: Apache-2.0

/// The identifier of a challenge in a store.
///
/// If the challenge has a token, the identifier is a 128-bit hash of the token. Otherwise, the identifier is a hash of the
/// tenant and the purpose. This hash is unique only among the challenges of one phone number.
public struct ChallengeID: Sendable, Hashable {
    /// The 16 bytes of the identifier.
    public let bytes: [UInt8]

    /// Creates an identifier.
    ///
    /// - Parameter bytes: The 16 bytes of the identifier.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }
}
