// SPDX-License-Identifier: Apache-2.0

public import SendGuard

/// The connection of a service to its guard.
///
/// The service asks the guard before each message, and reports the outcomes of attempts in the background. Create one gate for
/// each service, and call ``flush()`` before the process ends.
///
/// ```swift
/// let sendGuard = try SMSGuard(policy: guardPolicy, ledger: ledger, hash: keys.scopeHash)
/// let gate = SendGate(sendGuard)
/// let otp = try OTPService(
///     store: store, sms: sms, keys: keys, policy: policy, messages: messages, sendGuard: gate
/// )
/// ```
public struct SendGate: Sendable {
    let sendGuard: SMSGuard
    let humanCheck: HumanCheckVerifier?
    let riskAssessor: RiskGate?
    let metrics: GuardMetrics
    let reporter: GuardReporter

    /// Creates a gate.
    ///
    /// - Parameters:
    ///   - sendGuard: The guard that decides whether a message may be sent.
    ///   - humanCheck: The human check, which verifies each ``ClientInfo/humanCheckResponse``; `nil` for none. With a human
    ///     check, the setting `hasHumanCheck` of the guard's policy must be `true`. Without a human check, it must be `false`.
    ///   - riskAssessor: The risk assessor, which judges each send before the guard; `nil` for none.
    ///   - reportCapacity: The maximum number of entries in each of two buffers, at least 1. One buffer is for released sends,
    ///     with about 1,000 bytes for each send. The other buffer is for outcomes, with about 200 bytes for each
    ///     `OutcomeSubject`. Entries that do not fit are lost.
    public init(
        _ sendGuard: SMSGuard,
        humanCheck: HumanCheckVerifier? = nil,
        riskAssessor: RiskGate? = nil,
        reportCapacity: Int = 10_000
    ) {
        self.sendGuard = sendGuard
        self.humanCheck = humanCheck
        self.riskAssessor = riskAssessor
        self.metrics = GuardMetrics()
        self.reporter = GuardReporter(sendGuard, metrics: self.metrics, capacity: max(reportCapacity, 1))
    }

    /// Checks that the setting `hasHumanCheck` of the guard's policy matches the gate.
    func check() throws(OTPConfigurationError) {
        try OTPPolicy.check(
            "sendGuard",
            self.sendGuard.policy.hasHumanCheck == (self.humanCheck != nil),
            "the policy of the guard must have hasHumanCheck if the gate has a human check, and only then"
        )
    }

    /// Waits until the guard's ledger has received all earlier outcomes, or until the task is cancelled.
    ///
    /// The method also waits for the counts of the daily report. Call this method after the last call of the service, and
    /// before the process ends. An outcome whose delivery fails is lost.
    public func flush() async {
        await self.reporter.flush()
        await self.sendGuard.flushReport()
    }
}
