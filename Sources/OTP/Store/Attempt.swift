// SPDX-License-Identifier: Apache-2.0

/// An attempt to verify a code, as keyed hashes of the typed code.
///
/// There is one hash for each key that may protect the code of the challenge.
public struct Attempt: Sendable, Hashable {
    /// The keyed hashes of the code, one for each key.
    public var candidates: [Candidate]

    /// The keyed hash of the typed code for one key.
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
    /// - Parameter candidates: The keyed hashes of the code, one for each key.
    public init(candidates: [Candidate]) {
        self.candidates = candidates
    }
}
