// SPDX-License-Identifier: Apache-2.0

import SendGuard

extension SendGate {
    /// Returns the verdict of the risk assessor, or `allow` if there is no risk assessor.
    func verdict(on request: SendRequest) async -> RiskAssessment.Verdict {
        guard let riskAssessor = self.riskAssessor else { return .allow }
        let assessment = await riskAssessor.assess(request)
        self.metrics.record(assessment, of: request)
        return assessment.verdict
    }

    /// Returns whether the human check accepts the user's response.
    ///
    /// The result is `false` if there is no response or no human check.
    func accepts(_ response: String?, for request: SendRequest) async -> Bool {
        guard let humanCheck = self.humanCheck, let response else { return false }
        let result = await humanCheck.verify(response, of: request, in: self.sendGuard.responses)
        self.metrics.record(result, of: request)
        return result == .passed
    }
}
