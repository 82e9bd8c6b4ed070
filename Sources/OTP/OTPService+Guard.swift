// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SendGuard

extension OTPService {
    /// Runs a send, unless the policy or the guard refuses it.
    ///
    /// If the body throws, the message was definitely not sent, and the guard no longer counts the message. If the device token
    /// was revoked, the body runs again without the token.
    ///
    /// - Parameters:
    ///   - subject: The number, the purpose and the language of the message.
    ///   - client: The facts about the client that requests the code.
    ///   - device: The time at which the client's valid device token was issued; `nil` if there is no valid token.
    ///   - isFirst: Whether the message is the first of its challenge. The first message states the full lifetime of the code.
    ///     A resend may state fewer minutes.
    ///   - body: The closure that admits the message in the store and sends the message.
    /// - Returns: The result of the body.
    /// - Throws: The error of the body, or the refusal.
    func admitting<Result>(
        _ subject: Subject,
        _ client: ClientInfo,
        _ device: StoreTime?,
        isFirst: Bool,
        _ body: (AdmittedSend) async throws(OTPError) -> Result
    ) async throws(OTPError) -> Result {
        try await self.audited(.issue, subject.binding, client) { () async throws(OTPError) in
            try self.checkDestination(subject.number)
            let pending = try self.sender.pending.begin()
            guard let gate = self.sendGuard, self.testNumber(subject.number) == nil else {
                return try await self.retryingWithoutDevice(device) { device async throws(OTPError) in
                    try await body(AdmittedSend(pending: pending, isShadow: false, device: device))
                }
            }
            return try await self.guarding(subject, client, device, gate, pending, isFirst: isFirst, body)
        }
    }

    /// Runs a send, unless the risk assessor or the guard refuses it.
    @inline(never)  // Inlining would enlarge the frames of all calls, even without a guard.
    private func guarding<Result>(
        _ subject: Subject,
        _ client: ClientInfo,
        _ device: StoreTime?,
        _ gate: SendGate,
        _ pending: PendingSends.Send,
        isFirst: Bool,
        _ body: (AdmittedSend) async throws(OTPError) -> Result
    ) async throws(OTPError) -> Result {
        var request = self.sendRequest(subject.binding, client)
        request.segments = self.segments(of: subject, isFirst: isFirst)
        request.signals = client.isKnownNumber ? .knownNumber : []
        let verdict = try await self.assess(&request, client, gate)
        return try await self.retryingWithoutDevice(device) { [request] device async throws(OTPError) in
            var request = request
            if device != nil { request.signals.insert(.knownDevice) }
            return try await self.reserving(request, verdict, gate) { isShadow async throws(OTPError) in
                try await body(AdmittedSend(pending: pending, isShadow: isShadow, device: device))
            }
        }
    }

    /// Runs a send, and repeats the send without the device token if the token was revoked.
    private func retryingWithoutDevice<Result>(
        _ device: StoreTime?,
        _ body: (StoreTime?) async throws(OTPError) -> Result
    ) async throws(OTPError) -> Result {
        var device = device
        // Each place that calls the body would be inlined separately, and would enlarge the frame of the caller.
        while true {
            do throws(OTPError) {
                return try await body(device)
            } catch {
                guard device != nil, error.isDeviceRevoked else { throw error }
                device = nil
            }
        }
    }

    /// Runs a send, unless the guard refuses it.
    ///
    /// If the body throws, the guard no longer counts the message.
    private func reserving<Result>(
        _ request: SendRequest,
        _ verdict: RiskAssessment.Verdict,
        _ gate: SendGate,
        _ body: (_ isShadow: Bool) async throws(OTPError) -> Result
    ) async throws(OTPError) -> Result {
        if verdict == .stepUp, request.signals.isDisjoint(with: [.humanCheckPassed, .knownDevice]) {
            throw gate.humanCheck == nil ? OTPError.blocked(for: 0) : OTPError.humanCheckRequired
        }
        let decision = try await self.decide(request, gate)
        do throws(OTPError) {
            return try await body(decision.outcome == .shadow)
        } catch {
            if let reservation = decision.reservation { gate.reporter.release(reservation) }
            throw error
        }
    }

    /// Reports the outcome of an attempt to the guard in the background.
    func report(_ kind: SendOutcome.Kind, _ binding: CodeBinding, _ client: ClientInfo) {
        // Copying the gate would retain each of its stored properties.
        guard let reporter = self.sendGuard?.reporter, self.testNumber(binding.number) == nil else { return }
        let subject = OutcomeSubject(
            number: binding.number,
            tenant: self.tenant,
            purpose: binding.purpose.rawValue,
            source: client.source
        )
        reporter.add(kind, of: subject)
    }

    /// Asks the risk assessor for a verdict on the request, and then verifies the response to the human check.
    ///
    /// The risk assessor decides first, so that a denied request does not use up the response to the human check.
    private func assess(
        _ request: inout SendRequest,
        _ client: ClientInfo,
        _ gate: SendGate
    ) async throws(OTPError) -> RiskAssessment.Verdict {
        let verdict = await gate.verdict(on: request)
        guard verdict < .deny else { throw OTPError.blocked(for: 0) }
        if await gate.accepts(client.humanCheckResponse, for: request) { request.signals.insert(.humanCheckPassed) }
        return verdict
    }

    /// Returns the guard's decision if the guard admits or silently drops the send; otherwise throws an error.
    private func decide(_ request: SendRequest, _ gate: SendGate) async throws(OTPError) -> GuardDecision {
        let decision = try await self.steps.observe(.reserve) { try await gate.sendGuard.reserve(request) }
        gate.metrics.record(decision, of: request)
        self.audit?.record(decision, of: request)
        switch decision.outcome {
        case .allow, .shadow: return decision
        case .challenge: throw OTPError.humanCheckRequired
        case .block: throw OTPError.blocked(for: decision.reason?.wait ?? 0)
        }
    }

    private func sendRequest(_ binding: CodeBinding, _ client: ClientInfo) -> SendRequest {
        SendRequest(
            number: binding.number,
            tenant: self.tenant,
            purpose: binding.purpose.rawValue,
            source: client.source
        )
    }

    /// Returns the largest number of segments that a message can need.
    ///
    /// The code is not known yet, but all symbols of a code have the same encoded size. A resend states the remaining minutes,
    /// and the words for fewer minutes can be longer. For a resend, the method therefore considers every possible number of
    /// minutes.
    private func segments(of subject: Subject, isFirst: Bool) -> Int {
        // If the maximum is one segment, the initializer of the service has checked that every text fits.
        guard self.messages.maximumSegments > 1 else { return 1 }
        let code = String(repeating: "0", count: self.policy.format.length)
        let minutes = MessageTemplates.minutes(in: self.policy.limits.lifetime)
        let counts = (isFirst ? minutes...minutes : 1...minutes)
            .map { minutes in
                let text = self.text(code, subject, lifetime: .seconds(60 * minutes))
                return SMSSegmentCount(of: text).segments
            }
        return counts.max() ?? 1
    }
}

extension OTPError {
    static let humanCheckRequired = OTPError(
        .humanCheckRequired,
        "a human check is required: repeat the call with its response"
    )

    /// Creates the error for a refusal by the guard, without the name of the rule.
    ///
    /// - Parameter wait: The seconds until the rule can admit the send; 0 if the wait is not known.
    /// - Returns: The error.
    static func blocked(for wait: Int) -> Self {
        var error = OTPError(.blocked, "the service sends no message now: wait before the next request")
        if wait > 0 { error.retryAfter = .seconds(wait) }
        return error
    }
}
