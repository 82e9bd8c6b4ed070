// SPDX-License-Identifier: Apache-2.0

/// A store of marks for requests with an idempotency key.
///
/// A mark is a few bytes that record the state of one request: in progress or completed. It contains no secret, and expires.
/// `OTPServer` stores marks so that a repeated request does not send a second message.
///
/// Each method must be one atomic step for any number of concurrent callers and processes. `IdempotencyStoreConformance` in the
/// module `OTPTesting` checks an implementation.
public protocol IdempotencyStore: Sendable {
    /// Stores a mark, unless there is a mark with the same name.
    ///
    /// - Parameters:
    ///   - mark: The bytes of the mark.
    ///   - name: The 16 bytes of the name, which is a keyed hash.
    ///   - lifetime: The time after which the mark expires.
    /// - Returns: `nil` if this call has stored the mark; otherwise the bytes of the existing mark.
    /// - Throws: An error if the outcome is unknown.
    func insert(_ mark: [UInt8], named name: [UInt8], lifetime: Duration) async throws -> [UInt8]?

    /// Stores a mark, and replaces an existing mark with the same name.
    ///
    /// - Parameters:
    ///   - mark: The bytes of the mark.
    ///   - name: The 16 bytes of the name.
    ///   - lifetime: The time after which the mark expires.
    /// - Throws: An error if the outcome is unknown.
    func replace(_ mark: [UInt8], named name: [UInt8], lifetime: Duration) async throws

    /// Removes a mark.
    ///
    /// Removing a mark that does not exist has no effect. A store may also replace the mark by an empty mark that expires
    /// within a few milliseconds. Until then, ``insert(_:named:lifetime:)`` returns the empty mark.
    ///
    /// - Parameter name: The 16 bytes of the name.
    /// - Throws: An error if the outcome is unknown.
    func remove(named name: [UInt8]) async throws
}
