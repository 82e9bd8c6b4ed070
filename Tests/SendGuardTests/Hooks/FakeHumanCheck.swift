// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SendGuard
import SendGuardTesting
import Synchronization

/// A human check whose provider confirms each response any number of times.
final class FakeHumanCheck: HumanCheck {
    struct Unavailable: Error {}

    private struct State {
        var solved: [String: String] = [:]
        var fault = HookFault.none
        var calls = 0
    }

    private let state = Mutex(State())
    private let bindsRequests: Bool

    init(bindsRequests: Bool = true) {
        self.bindsRequests = bindsRequests
    }

    /// The number of verifications that reached the provider.
    var calls: Int { self.state.withLock { $0.calls } }

    func setFault(_ fault: HookFault) {
        self.state.withLock { $0.fault = fault }
    }

    func solve(_ request: SendRequest) -> String {
        self.state.withLock { state in
            let response = "response-\(state.solved.count)"
            state.solved[response] = Self.subject(request)
            return response
        }
    }

    func verify(_ response: String, of request: SendRequest) async throws -> HumanCheckResult {
        let (subject, fault) = self.state.withLock { state in
            state.calls += 1
            return (state.solved[response], state.fault)
        }
        if fault == .silent { try await Task.sleep(for: .seconds(3600)) }
        guard fault == .none else { throw Unavailable() }
        guard let subject else { return .failed(.rejected) }
        return !self.bindsRequests || subject == Self.subject(request) ? .passed : .failed(.otherSubject)
    }

    private static func subject(_ request: SendRequest) -> String {
        "\(request.tenant) \(request.purpose) \(request.number.e164)"
    }
}
