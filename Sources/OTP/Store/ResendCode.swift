// SPDX-License-Identifier: Apache-2.0

/// The code that a resend contains.
///
/// No cases will be added, because a store must implement every case.
public enum ResendCode: Sendable, Hashable {
    /// The current code of the challenge.
    ///
    /// Its attempts and its expiry do not change.
    ///
    /// - Parameters:
    ///   - length: The length of encrypted codes that the caller can send. A code of another length is not repeated.
    ///   - keyIDs: The identifiers of the caller's decryption keys.
    case same(length: Int, keyIDs: [String])
    /// A new code with new attempts and a new expiry, which replaces the current code.
    case new(ProtectedCode)
}
