// SPDX-License-Identifier: Apache-2.0

/// A store that can return the limits of a number without changing them.
package protocol LimitReader: Sendable {
    /// Returns how much of each limit a number has used.
    ///
    /// - Parameters:
    ///   - number: The indexes of the number.
    ///   - lanes: The limits.
    /// - Returns: The limits of both lanes.
    /// - Throws: An error of the store.
    func limits(of number: PhoneNumberIndexes, _ lanes: LaneLimits) async throws -> NumberLimits
}
