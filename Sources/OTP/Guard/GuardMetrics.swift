// SPDX-License-Identifier: Apache-2.0

import Logging
import Metrics
import SendGuard

/// Counts and logs the decisions of the guard, the results of human checks and risk assessments, and lost reports.
///
/// The service reports the outcomes of attempts and the releases of messages to the guard in the background. A report is lost
/// if the buffer is full, or if the guard's store (the ledger) fails.
///
/// Metrics and log entries contain no addresses. Metrics contain no phone numbers, and log entries contain only masked phone
/// numbers.
struct GuardMetrics: Sendable {
    /// The reason why a report was lost.
    enum Loss: String { case full, failed }

    private let factory: any MetricsFactory
    private let allowed: Counter

    init() {
        let factory = MetricsSystem.factory
        self.factory = factory
        self.allowed = Counter(
            label: "otp.guard",
            dimensions: [("outcome", "allow"), ("rule", "none")],
            factory: factory
        )
    }

    /// Records a decision.
    func record(_ decision: GuardDecision, of request: SendRequest) {
        if let reason = decision.reason {
            self.count(decision.outcome, reason)
            Logger.current.info("Send refused by the guard", metadata: Self.metadata(reason, request))
        } else {
            self.allowed.increment()
        }
        for finding in decision.findings where !finding.effect.refuses { self.record(finding, of: request) }
    }

    /// Records the result of a human check.
    func record(_ result: HumanCheckResult, of request: SendRequest) {
        guard case .failed(let failure) = result else { return self.countHumanCheck("passed") }
        self.countHumanCheck(failure.description)
        Logger.current.info(
            "Human check failed",
            metadata: [
                "otp.human_check.failure": "\(failure)", "otp.purpose": "\(request.purpose)",
                "otp.phone": "\(request.number)",
            ]
        )
    }

    /// Records the judgment of a risk assessor.
    func record(_ assessment: RiskAssessment, of request: SendRequest) {
        let reason = assessment.reason?.description ?? "none"
        Counter(
            label: "otp.risk",
            dimensions: [("verdict", "\(assessment.verdict)"), ("reason", reason)],
            factory: self.factory
        )
        .increment()
        guard assessment.verdict != .allow else { return }
        Logger.current.info(
            "Risk assessor objects to a send",
            metadata: [
                "otp.risk.verdict": "\(assessment.verdict)", "otp.risk.reason": "\(reason)",
                "otp.purpose": "\(request.purpose)", "otp.phone": "\(request.number)",
            ]
        )
    }

    private func countHumanCheck(_ outcome: String) {
        Counter(label: "otp.human_check", dimensions: [("outcome", outcome)], factory: self.factory).increment()
    }

    /// Records reports that will not reach the guard's ledger.
    ///
    /// - Parameters:
    ///   - reports: The number of lost reports of each kind. The name of a kind is a metric label.
    ///   - loss: The reason for the loss.
    ///   - error: The error of the guard's ledger; `nil` if the reports are lost because the buffer of the reporter is full.
    func lost(_ reports: [(name: String, count: Int)], _ loss: Loss, _ error: (any Error)? = nil) {
        for (name, count) in reports where count > 0 {
            Counter(
                label: "otp.guard.lost",
                dimensions: [("report", name), ("reason", loss.rawValue)],
                factory: self.factory
            )
            .increment(by: count)
        }
        // A full buffer is not logged, because each login would then cause a log record.
        guard let error else { return }
        Logger.current.warning(
            "Guard reports lost",
            metadata: ["otp.guard.reports": "\(reports.reduce(0) { $0 + $1.count })", "otp.error": "\(error)"]
        )
    }

    private func count(_ outcome: GuardDecision.Outcome, _ reason: GuardFinding) {
        Counter(
            label: "otp.guard",
            dimensions: [("outcome", "\(outcome)"), ("rule", "\(reason.rule)")],
            factory: self.factory
        )
        .increment()
    }

    private func record(_ finding: GuardFinding, of request: SendRequest) {
        Counter(
            label: "otp.guard.findings",
            dimensions: [("effect", "\(finding.effect)"), ("rule", "\(finding.rule)")],
            factory: self.factory
        )
        .increment()
        let metadata = Self.metadata(finding, request)
        if finding.effect == .alert {
            Logger.current.warning("Budget of the guard reached a percentage", metadata: metadata)
        } else {
            Logger.current.info("Send would have been refused by the guard", metadata: metadata)
        }
    }

    private static func metadata(_ finding: GuardFinding, _ request: SendRequest) -> Logger.Metadata {
        [
            "otp.guard.rule": "\(finding.rule)", "otp.guard.effect": "\(finding.effect)",
            "otp.guard.measured": "\(finding.measured)", "otp.guard.threshold": "\(finding.threshold)",
            "otp.purpose": "\(request.purpose)", "otp.phone": "\(request.number)",
        ]
    }
}
