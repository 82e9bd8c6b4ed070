// SPDX-License-Identifier: Apache-2.0

/// Judges the risk of a request by facts that the guard does not know, such as a recent SIM swap.
///
/// ``RiskGate`` calls an assessor with a timeout. To test an implementation, use `RiskAssessorConformance` from the module
/// `SendGuardTesting`.
public protocol RiskAssessor: Sendable {
    /// Judges a request.
    ///
    /// - Parameter request: The number, tenant, purpose and source.
    /// - Returns: The judgment with its reason.
    /// - Throws: An error if the assessor has no judgment. ``RiskGate`` then uses its fallback verdict.
    func assess(_ request: SendRequest) async throws -> RiskAssessment
}
