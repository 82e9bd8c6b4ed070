// SPDX-License-Identifier: Apache-2.0

import Logging
import Metrics
import SMSKit
import Synchronization

/// Records the calls of a service as counts, durations, log records and spans.
///
/// Codes and tokens are never recorded. Phone numbers are recorded only in the log, and are masked.
///
/// Each metric handler is created only once, which saves an allocation and a look-up for each call.
final class OTPMetrics: Sendable {
    /// A kind of service call.
    ///
    /// The raw value is the index of the timer for this kind of call.
    enum Operation: Int, CaseIterable {
        case issue, verify, resend, redeem

        var name: String {
            switch self {
            case .issue: "otp.issue"
            case .verify: "otp.verify"
            case .resend: "otp.resend"
            case .redeem: "otp.redeem"
            }
        }
    }

    private struct CounterEntry {
        let purpose: String
        let code: OTPError.Code?
        let lane: Lane?
        let counter: Counter
    }

    /// The maximum number of counters for each kind of call.
    ///
    /// Applications define their own purposes. A large number of purposes must not fill the memory.
    private static let maximumCounters = 256

    let tracing: OTPTracing
    private let factory: any MetricsFactory
    private let timers: [Metrics.Timer]
    /// The counters of each kind of call, in the order of ``Operation``.
    ///
    /// Only a few combinations of purpose and outcome occur, so a linear search costs less than hashing.
    private let counters: Mutex<[[CounterEntry]]>

    init(tracing: OTPTracing = OTPTracing()) {
        let factory = MetricsSystem.factory
        self.tracing = tracing
        self.factory = factory
        self.timers = Operation.allCases.map { operation in
            Metrics.Timer(label: "\(operation.name).duration", dimensions: [], factory: factory)
        }
        self.counters = Mutex(Operation.allCases.map { _ in [] })
    }

    /// Runs a call, and records its outcome, its duration and its span.
    ///
    /// - Parameters:
    ///   - operation: The call.
    ///   - number: The phone number.
    ///   - purpose: The purpose.
    ///   - lane: The set of limits (``Lane``) for an attempt to verify a code; `nil` for all other calls.
    ///   - body: The call's work.
    /// - Returns: The result of the body.
    /// - Throws: The error of the body.
    @inline(__always)  // Avoids an asynchronous frame, which would cost an allocation and an executor check.
    func observe<Result>(
        _ operation: Operation,
        _ number: PhoneNumber,
        _ purpose: OTPPurpose,
        in lane: Lane? = nil,
        _ body: () async throws(OTPError) -> Result
    ) async throws(OTPError) -> Result {
        let start = Stopwatch()
        do throws(OTPError) {
            let result = try await self.tracing.withSpan(
                operation.name,
                attributes: [("otp.purpose", purpose.rawValue), ("otp.region", number.region?.code)],
                body
            )
            self.record(operation, number, purpose, lane, nil, since: start)
            return result
        } catch {
            self.record(operation, number, purpose, lane, error.code, since: start)
            if error.code == .keyUnavailable {
                Logger.current.error(
                    "Key of a code is not in the ring",
                    metadata: ["otp.purpose": "\(purpose.rawValue)", "otp.error": "\(error)"]
                )
            }
            throw error
        }
    }

    private func record(
        _ operation: Operation,
        _ number: PhoneNumber,
        _ purpose: OTPPurpose,
        _ lane: Lane?,
        _ code: OTPError.Code?,
        since start: Stopwatch
    ) {
        self.counter(operation, purpose.rawValue, lane, code).increment()
        start.record(to: self.timers[operation.rawValue])
        Logger.current.debug(
            "\(operation.name)",
            metadata: [
                "otp.outcome": "\(Self.outcome(code))", "otp.purpose": "\(purpose.rawValue)", "otp.phone": "\(number)",
            ]
        )
    }

    private static func outcome(_ code: OTPError.Code?) -> String { code?.description ?? "ok" }

    private func counter(
        _ operation: Operation,
        _ purpose: String,
        _ lane: Lane?,
        _ code: OTPError.Code?
    ) -> Counter {
        self.counters.withLock { counters in
            for index in counters[operation.rawValue].indices
            where counters[operation.rawValue][index].code == code && counters[operation.rawValue][index].lane == lane
                && counters[operation.rawValue][index].purpose == purpose
            {
                return counters[operation.rawValue][index].counter
            }
            var dimensions = [("purpose", purpose), ("outcome", Self.outcome(code))]
            if let lane { dimensions.append(("lane", "\(lane)")) }
            let counter = Counter(label: operation.name, dimensions: dimensions, factory: self.factory)
            if counters[operation.rawValue].count < Self.maximumCounters {
                counters[operation.rawValue]
                    .append(CounterEntry(purpose: purpose, code: code, lane: lane, counter: counter))
            }
            return counter
        }
    }
}
