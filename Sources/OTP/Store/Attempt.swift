// SPDX-License-Identifier: Apache-2.0

/// A typed code, hashed under every key that the challenge may have been created with.
public struct Attempt: Sendable, Hashable {
    /// Pairs of key identifier and the 32 bytes of the keyed hash.
    public var candidates: [Candidate]

    /// The keyed hash of an attempt under one key.
    public struct Candidate: Sendable, Hashable {
        /// The identifier of the key.
        public var keyID: String
        /// The 32 bytes of the keyed hash.
        public var authenticator: [UInt8]

        /// Creates a candidate.
        ///
        /// - Parameters:
        ///   - keyID: The identifier of the key.
        ///   - authenticator: The 32 bytes of the keyed hash.
        public init(keyID: String, authenticator: [UInt8]) {
            self.keyID = keyID
            self.authenticator = authenticator
        }
    }

    /// Creates an attempt.
    ///
    /// - Parameter candidates: Pairs of key identifier and keyed hash.
    public init(candidates: [Candidate]) {
        self.candidates = candidates
    }
}
