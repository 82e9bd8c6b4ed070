// SPDX-License-Identifier: Apache-2.0

/// An attempt to verify a code.
///
/// The attempt contains keyed hashes of the typed code, not the code itself. During a key rotation, the service has several
/// keys, and does not know which key protects the stored code. Therefore the attempt contains one hash for each key.
public struct Attempt: Sendable, Hashable {
    /// The keyed hashes of the typed code, one for each key.
    public var candidates: [Candidate]

    /// A keyed hash of the typed code, computed with one of the keys.
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
    /// - Parameter candidates: The keyed hashes of the typed code, one for each key.
    public init(candidates: [Candidate]) {
        self.candidates = candidates
    }
}
