// SPDX-License-Identifier: Apache-2.0

import Logging
import Metrics
import SMSKit
import Synchronization

/// Counts, times, logs and traces the calls of a service, without codes, numbers or tokens.
///
/// Metric handlers are created once, because a handler per call would cost an allocation and a look-up in the factory.
final class OTPMetrics: Sendable {
    enum Operation: String, CaseIterable {
        case issue = "otp.issue"
        case verify = "otp.verify"
        case resend = "otp.resend"
        case redeem = "otp.redeem"
    }

    private struct CounterKey: Hashable {
        var operation: Operation
        var purpose: String
        var outcome: String
    }

    /// The maximum number of counters.
    ///
    /// Applications define their own purposes, and too many of them must not fill the memory.
    private static let maximumCounters = 1_024

    let tracing: OTPTracing
    private let factory: any MetricsFactory
    private let timers: [Operation: Metrics.Timer]
    private let counters = Mutex<[CounterKey: Counter]>([:])

    init(tracing: OTPTracing = OTPTracing()) {
        let factory = MetricsSystem.factory
        self.tracing = tracing
        self.factory = factory
        self.timers = Dictionary(
            uniqueKeysWithValues: Operation.allCases.map { operation in
                (operation, Metrics.Timer(label: "\(operation.rawValue).duration", dimensions: [], factory: factory))
            }
        )
    }

    /// Runs a call, and records its outcome, its duration and its span.
    func observe<Result>(
        _ operation: Operation,
        _ number: PhoneNumber,
        _ purpose: OTPPurpose,
        _ body: () async throws(OTPError) -> Result
    ) async throws(OTPError) -> Result {
        let start = ContinuousClock.now
        do throws(OTPError) {
            let result = try await self.tracing.withSpan(
                operation.rawValue,
                attributes: [("otp.purpose", purpose.rawValue), ("otp.region", number.region?.code)],
                body
            )
            self.record(operation, number, purpose, nil, since: start)
            return result
        } catch {
            self.record(operation, number, purpose, error, since: start)
            throw error
        }
    }

    private func record(
        _ operation: Operation,
        _ number: PhoneNumber,
        _ purpose: OTPPurpose,
        _ error: OTPError?,
        since start: ContinuousClock.Instant
    ) {
        let outcome = error?.code.description ?? "ok"
        self.counter(CounterKey(operation: operation, purpose: purpose.rawValue, outcome: outcome)).increment()
        self.timers[operation]?.record(since: start)
        if let error, error.code == .keyUnavailable {
            Logger.current.error(
                "Key of a code is not in the ring",
                metadata: ["otp.purpose": "\(purpose.rawValue)", "otp.error": "\(error)"]
            )
        }
        Logger.current.debug(
            "\(operation.rawValue)",
            metadata: ["otp.outcome": "\(outcome)", "otp.purpose": "\(purpose.rawValue)", "otp.phone": "\(number)"]
        )
    }

    private func counter(_ key: CounterKey) -> Counter {
        self.counters.withLock { counters in
            if let counter = counters[key] { return counter }
            let counter = Counter(
                label: key.operation.rawValue,
                dimensions: [("purpose", key.purpose), ("outcome", key.outcome)],
                factory: self.factory
            )
            if counters.count < Self.maximumCounters { counters[key] = counter }
            return counter
        }
    }
}

extension Metrics.Timer {
    /// Records the time since an instant.
    func record(since start: ContinuousClock.Instant) {
        let (seconds, attoseconds) = start.duration(to: .now).components
        self.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
