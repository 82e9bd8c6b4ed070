// SPDX-License-Identifier: Apache-2.0

import Deadlines

/// Calls a risk assessor with a timeout, and uses a fallback verdict if the assessor fails.
public struct RiskGate: Sendable {
    private let assessor: any RiskAssessor
    private let timeout: Duration
    private let fallback: RiskAssessment.Verdict
    private let timers: Timers

    /// Creates a gate.
    ///
    /// - Parameters:
    ///   - assessor: The risk assessor.
    ///   - timeout: The longest time that one assessment may take; by default 2 seconds.
    ///   - fallback: The verdict if the assessor fails or does not respond in time; by default `stepUp`.
    public init(
        _ assessor: any RiskAssessor,
        timeout: Duration = .seconds(2),
        fallback: RiskAssessment.Verdict = .stepUp
    ) {
        self.init(assessor, timeout: timeout, fallback: fallback, timers: .continuous)
    }

    /// Creates a gate with a given clock.
    package init<C: Clock>(
        _ assessor: any RiskAssessor,
        timeout: Duration = .seconds(2),
        fallback: RiskAssessment.Verdict = .stepUp,
        clock: C
    ) where C.Duration == Duration {
        self.init(assessor, timeout: timeout, fallback: fallback, timers: Timers(clock: clock))
    }

    private init(
        _ assessor: any RiskAssessor,
        timeout: Duration,
        fallback: RiskAssessment.Verdict,
        timers: Timers
    ) {
        self.assessor = assessor
        self.timeout = timeout
        self.fallback = fallback
        self.timers = timers
    }

    /// Judges a request.
    ///
    /// - Parameter request: The number, tenant, purpose and source.
    /// - Returns: The assessor's judgment, or the fallback verdict with the reason ``RiskReason/timeout`` or
    ///   ``RiskReason/unavailable``.
    public func assess(_ request: SendRequest) async -> RiskAssessment {
        let assessor = self.assessor
        let result = await withDeadline(self.timeout, on: self.timers) { () -> Result<RiskAssessment, any Error> in
            do {
                return .success(try await assessor.assess(request))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let assessment): return assessment
        case .failure: return RiskAssessment(self.fallback, .unavailable)
        case nil: return RiskAssessment(self.fallback, .timeout)
        }
    }
}
