// SPDX-License-Identifier: Apache-2.0

/// The set of limits that applies to a challenge.
///
/// No cases will be added.
package enum Lane: Sendable, Hashable, CaseIterable {
    /// The limits of callers without a valid device token.
    case open
    /// The limits of known devices, which are callers with a valid device token.
    case device
}
