// SPDX-License-Identifier: Apache-2.0

import Logging
import Metrics

/// Records metrics, logs and traces for the steps of the stores and of the guard's ledger.
///
/// A step is one call to a store, or to the ledger, which stores the guard's counts.
struct StoreMetrics: Sendable {
    /// A step: one call to a store.
    ///
    /// The case `reserve` is a call to the guard's ledger instead.
    ///
    /// The raw value is the index of the timer for this step.
    enum Step: Int, CaseIterable {
        case issue, verify, resend, release, cancel, status, unlock, revoke, redeem, reserve

        var name: String { "\(self)" }
    }

    private let tracing: OTPTracing
    private let timers: [Metrics.Timer]

    init(tracing: OTPTracing) {
        self.tracing = tracing
        self.timers = Step.allCases.map { Metrics.Timer(label: "otp.store.duration", dimensions: [("step", $0.name)]) }
    }

    /// Runs a step (one call to a store), and converts every error except a cancellation to `storeUnavailable`.
    ///
    /// If the caller was cancelled before the step, the step does not begin. During the step, only a `CancellationError` from
    /// the store counts as a cancellation. Every other error counts as a failure of the store, even if the caller was
    /// cancelled. During an outage, the timeouts of many callers cancel their calls. If the errors of these calls counted as
    /// cancellations, the metrics would hide the outage.
    @inline(__always)  // Avoids an asynchronous frame, which would cost an allocation and an executor check.
    func observe<Result>(_ step: Step, _ body: () async throws -> Result) async throws(OTPError) -> Result {
        guard !Task.isCancelled else { throw OTPError.cancelled }
        let start = Stopwatch()
        defer { start.record(to: self.timers[step.rawValue]) }
        return try await self.tracing.withSpan(
            "otp.store",
            ofKind: .client,
            attributes: [("db.stored_procedure.name", step.name)]
        ) { () async throws(OTPError) -> Result in try await self.mapErrors(of: step, body) }
    }

    /// Runs a part of a step, and converts every error except a cancellation to `storeUnavailable`.
    @inline(__always)  // Avoids an asynchronous frame, which would cost an allocation and an executor check.
    func mapErrors<Result>(of step: Step, _ body: () async throws -> Result) async throws(OTPError) -> Result {
        do {
            return try await body()
        } catch {
            throw self.failure(of: step, error)
        }
    }

    /// Logs an error of a step, and returns the error for the caller.
    private func failure(of step: Step, _ error: any Error) -> OTPError {
        if error is CancellationError {
            Logger.current.debug("Store step cancelled", metadata: ["otp.store.step": "\(step.name)"])
            return OTPError(.cancelled, "the step was cancelled, and may have completed: try again", cause: error)
        }
        let metadata: Logger.Metadata = ["otp.store.step": "\(step.name)", "otp.error": "\(error)"]
        Logger.current.error("Store step failed", metadata: metadata)
        return OTPError(.storeUnavailable, "the store did not complete the step: try again later", cause: error)
    }
}
