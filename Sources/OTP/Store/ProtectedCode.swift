// SPDX-License-Identifier: Apache-2.0

/// The form in which a store keeps a code.
///
/// This form does not reveal the code without the service's key and the secret in the client's token.
public struct ProtectedCode: Sendable, Hashable {
    /// The identifier of the key that protects the code: 1–32 ASCII characters.
    public var keyID: String

    /// The 32 bytes of the keyed hash (HMAC-SHA-256) of the code and of the values that the code is bound to, such as the phone
    /// number.
    public var authenticator: [UInt8]

    /// The encrypted code, at most 64 bytes; empty if the code is never sent again.
    public var sealed: [UInt8]

    /// Creates a protected code.
    ///
    /// - Parameters:
    ///   - keyID: The identifier of the key.
    ///   - authenticator: The 32 bytes of the keyed hash.
    ///   - sealed: The encrypted code; empty if the code is never sent again.
    public init(keyID: String, authenticator: [UInt8], sealed: [UInt8]) {
        self.keyID = keyID
        self.authenticator = authenticator
        self.sealed = sealed
    }
}
