// SPDX-License-Identifier: Apache-2.0

import SendGuard
import Synchronization

/// A human check that confirms every response that begins with `solved`.
final class FakeHumanCheck: HumanCheck {
    struct Down: Error {}

    private let seen = Mutex<[SendRequest]>([])
    private let isDown: Bool

    init(isDown: Bool = false) {
        self.isDown = isDown
    }

    /// The requests that were checked.
    var requests: [SendRequest] { self.seen.withLock { $0 } }

    func verify(_ response: String, of request: SendRequest) async throws -> HumanCheckResult {
        self.seen.withLock { $0.append(request) }
        if self.isDown { throw Down() }
        return response.hasPrefix("solved") ? .passed : .failed(.rejected)
    }
}

/// A risk assessor with a fixed assessment.
struct FakeRiskAssessor: RiskAssessor {
    struct Down: Error {}

    /// The assessment; `nil` if the assessor fails.
    var assessment: RiskAssessment?

    func assess(_ request: SendRequest) async throws -> RiskAssessment {
        guard let assessment = self.assessment else { throw Down() }
        return assessment
    }
}
