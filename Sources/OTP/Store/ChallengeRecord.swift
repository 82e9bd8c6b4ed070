/// The name of a challenge in a store: 128 bits of a hash of its token, so that only the holder of the token knows it.
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

/// The name of a challenge and a hash of all that its code is for.
///
/// A attempt or a resend whose check differs is for another purpose, context or tenant: a store treats the challenge as one
/// that does not exist, and changes nothing.
public struct ChallengeReference: Sendable, Hashable {
    /// The name of the challenge.
    public var id: ChallengeID

    /// 16 bytes of a hash of tenant, purpose and context, which needs the client's secret.
    public var check: [UInt8]

    /// Creates a reference.
    ///
    /// - Parameters:
    ///   - id: The name of the challenge.
    ///   - check: 16 bytes of a hash of all that the code is for.
    public init(id: ChallengeID, check: [UInt8]) {
        self.id = id
        self.check = check
    }
}

/// A code as a store may hold it: nothing in it leads back to the code without a key and the client's secret.
public struct ProtectedCode: Sendable, Hashable {
    /// The identifier of the key; 1–32 ASCII characters.
    public var keyID: String

    /// The 32 bytes of the keyed hash (HMAC-SHA-256) of the code and all that it is bound to.
    public var authenticator: [UInt8]

    /// The code, encrypted so that it can be sent once more; empty if it never is.
    ///
    /// At most 64 bytes.
    public var sealed: [UInt8]

    /// Creates a protected code.
    ///
    /// - Parameters:
    ///   - keyID: The identifier of the key.
    ///   - authenticator: The 32 bytes of the keyed hash.
    ///   - sealed: The encrypted code, or nothing.
    public init(keyID: String, authenticator: [UInt8], sealed: [UInt8]) {
        self.keyID = keyID
        self.authenticator = authenticator
        self.sealed = sealed
    }
}

/// A attempt, hashed under every key that the code may have been hashed under.
public struct Attempt: Sendable, Hashable {
    /// Pairs of key identifier and the 32 bytes of the keyed hash.
    public var candidates: [Candidate]

    /// The keyed hash of a attempt under one key.
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

    /// Creates a attempt.
    ///
    /// - Parameter candidates: Pairs of key identifier and keyed hash.
    public init(candidates: [Candidate]) {
        self.candidates = candidates
    }
}
