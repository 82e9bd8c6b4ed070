// SPDX-License-Identifier: Apache-2.0

/// A store that can return how much of each limit a phone number has used, without changing the number's record.
package protocol LimitReader: Sendable {
    /// Returns how much of each limit a number has used.
    ///
    /// - Parameters:
    ///   - number: The indexes of the number.
    ///   - lanes: The limits for known devices and for all other callers.
    /// - Returns: The limits for known devices and for all other callers, and how much of each limit is used.
    /// - Throws: An error of the store.
    func limits(of number: PhoneNumberIndexes, _ lanes: LaneLimits) async throws -> NumberLimits
}
