// SPDX-License-Identifier: Apache-2.0

/// The code that a resend carries.
///
/// The enumeration is closed: a store must implement every case.
public enum ResendCode: Sendable, Hashable {
    /// The current code of the challenge; its attempts and its expiry stay.
    ///
    /// - Parameters:
    ///   - length: The length of the sealed codes that the caller can send; a code of another length is not repeated.
    ///   - keyIDs: The identifiers of the keys with which the caller can open a sealed code.
    case same(length: Int, keyIDs: [String])
    /// A new code, with new attempts and a new expiry, which replaces the current one.
    case new(ProtectedCode)
}
