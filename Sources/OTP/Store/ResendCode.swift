// SPDX-License-Identifier: Apache-2.0

/// The code for a resend.
///
/// No cases will be added, because a store must implement every case.
public enum ResendCode: Sendable, Hashable {
    /// The current code of the challenge.
    ///
    /// The attempts and the expiry of the code do not change.
    ///
    /// - Parameters:
    ///   - length: The required number of bytes of the stored encrypted code. If the stored code has another length, for
    ///     example because it is empty, the store does not admit the message.
    ///   - keyIDs: The identifiers of the caller's decryption keys. If the stored code was encrypted with another key, the
    ///     store does not admit the message.
    case same(length: Int, keyIDs: [String])
    /// A new code with new attempts and a new expiry, which replaces the current code.
    case new(ProtectedCode)
}
