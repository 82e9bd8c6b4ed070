// SPDX-License-Identifier: Apache-2.0

public import SendGuard

/// The connection of a service to its guard.
///
/// The guard (`SMSGuard`) decides before each message whether the message may be sent. The service reports the outcomes of
/// attempts to the guard in the background. Create one gate for each service, and call ``flush()`` before the process ends.
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
    ///     check, the setting `hasHumanCheck` of the guard's policy must be `true`. Without a human check, the setting must be
    ///     `false`.
    ///   - riskAssessor: The risk assessor, which judges each send before the guard; `nil` for none.
    ///   - reportCapacity: The maximum number of entries in each of two buffers, at least 1. One buffer contains the messages
    ///     that were not sent, with about 1,000 bytes per entry. The other buffer contains the merged outcomes of attempts,
    ///     with about 200 bytes per entry. Entries that do not fit are lost.
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

    /// Checks that the setting `hasHumanCheck` of the guard's policy is `true` exactly if the gate has a human check.
    func check() throws(OTPConfigurationError) {
        try OTPPolicy.check(
            "sendGuard",
            self.sendGuard.policy.hasHumanCheck == (self.humanCheck != nil),
            "the policy of the guard must have hasHumanCheck if the gate has a human check, and only then"
        )
    }

    /// Waits until all earlier reports to the guard are delivered or lost, or until the task is cancelled.
    ///
    /// A report informs the guard about the outcome of an attempt, or about a message that was not sent. The method also writes
    /// the counts of the guard's daily report that are still in memory. Call this method after the last call of the service,
    /// and before the process ends.
    public func flush() async {
        await self.reporter.flush()
        await self.sendGuard.flushReport()
    }
}
