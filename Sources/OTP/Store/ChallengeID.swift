// SPDX-License-Identifier: Apache-2.0

/// The name of a challenge in a store: 128 bits of a hash of its token, known only to the holder of the token.
public struct ChallengeID: Sendable, Hashable {
    /// The 16 bytes of the name.
    public let bytes: [UInt8]

    /// Creates a name.
    ///
    /// - Parameter bytes: 16 bytes.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }
}
