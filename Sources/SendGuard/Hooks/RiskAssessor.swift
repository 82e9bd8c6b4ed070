// SPDX-License-Identifier: Apache-2.0

/// Judges the risk of a request by facts that are unknown to the guard, such as a recent SIM swap.
///
/// ``RiskGate`` calls the assessor with a timeout. `RiskAssessorConformance` in the module `SendGuardTesting` checks an
/// implementation.
public protocol RiskAssessor: Sendable {
    /// Judges a request.
    ///
    /// - Parameter request: The number, tenant, purpose and source.
    /// - Returns: The judgement with its reason.
    /// - Throws: An error if there is no judgement. ``RiskGate`` then uses its fallback verdict.
    func assess(_ request: SendRequest) async throws -> RiskAssessment
}
