// SPDX-License-Identifier: Apache-2.0

/// The result of a human check.
///
/// No cases will be added, because everything but a confirmed response is a failure.
public enum HumanCheckResult: Sendable, Hashable {
    /// The provider confirmed the response.
    case passed
    /// The response was not accepted.
    case failed(HumanCheckFailure)
}
