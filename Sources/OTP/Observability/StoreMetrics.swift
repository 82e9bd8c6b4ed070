// SPDX-License-Identifier: Apache-2.0

import Logging
import Metrics

/// Times, logs and traces the steps of the stores.
struct StoreMetrics: Sendable {
    enum Step: String, CaseIterable {
        case issue, verify, resend, release, cancel, status, unlock, redeem
    }

    private let tracing: OTPTracing
    private let timers: [Step: Metrics.Timer]

    init(tracing: OTPTracing) {
        self.tracing = tracing
        self.timers = Dictionary(
            uniqueKeysWithValues: Step.allCases.map { step in
                (step, Metrics.Timer(label: "otp.store.duration", dimensions: [("step", step.rawValue)]))
            }
        )
    }

    /// Runs a step, and converts every error to `storeUnavailable`.
    ///
    /// Without the store, no message is sent and no code verifies.
    func observe<Result>(_ step: Step, _ body: () async throws -> Result) async throws(OTPError) -> Result {
        let start = ContinuousClock.now
        defer { self.timers[step]?.record(since: start) }
        return try await self.tracing.withSpan(
            "otp.store",
            ofKind: .client,
            attributes: [("db.operation.name", step.rawValue)]
        ) { () async throws(OTPError) -> Result in
            do {
                return try await body()
            } catch {
                let metadata: Logger.Metadata = ["otp.store.step": "\(step.rawValue)", "otp.error": "\(error)"]
                // A cancelled caller does not mean that the store has failed.
                Logger.current.log(level: Task.isCancelled ? .debug : .error, "Store step failed", metadata: metadata)
                throw OTPError(
                    .storeUnavailable,
                    "the store did not complete the step: try again later",
                    cause: error
                )
            }
        }
    }
}
