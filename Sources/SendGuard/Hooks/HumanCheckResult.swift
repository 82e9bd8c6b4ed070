// SPDX-License-Identifier: Apache-2.0

/// The result of a human check.
///
/// No cases will be added.
public enum HumanCheckResult: Sendable, Hashable {
    /// The provider confirmed the response.
    case passed
    /// The response was not accepted.
    case failed(HumanCheckFailure)
}
