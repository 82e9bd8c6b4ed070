// SPDX-License-Identifier: Apache-2.0

import Logging
import Metrics
import SMSKit

/// Records sends as counts, durations, log records and spans.
struct SendMetrics: Sendable {
    private let tracing: OTPTracing
    private let factory: any MetricsFactory
    private let accepted: (open: Counter, device: Counter)
    private let timer: Metrics.Timer

    init(tracing: OTPTracing) {
        let factory = MetricsSystem.factory
        self.tracing = tracing
        self.factory = factory
        func accepted(_ lane: Lane) -> Counter {
            let dimensions = [("outcome", "accepted"), ("lane", "\(lane)")]
            return Counter(label: "otp.sends", dimensions: dimensions, factory: factory)
        }
        self.accepted = (accepted(.open), accepted(.device))
        self.timer = Metrics.Timer(label: "otp.send.duration", dimensions: [], factory: factory)
    }

    /// Runs a send, and records its outcome, its duration and its span.
    @inline(__always)  // Avoids an asynchronous frame, which would cost an allocation and an executor check.
    func observe(
        _ message: SMSMessage,
        in lane: Lane,
        _ body: () async -> SMSSendOutcome
    ) async -> SMSSendOutcome {
        let start = Stopwatch()
        let outcome = await self.tracing.withSpan(
            "sms.send",
            ofKind: .client,
            attributes: [("otp.region", message.recipient.region?.code)],
            result: { $0.attributes }
        ) { await body() }
        start.record(to: self.timer)
        self.record(outcome, lane)
        return outcome
    }

    private func record(_ outcome: SMSSendOutcome, _ lane: Lane) {
        switch outcome {
        case .accepted(let receipt):
            (lane == .device ? self.accepted.device : self.accepted.open).increment()
            Logger.current.info("Code sent", metadata: receipt.logMetadata)
        case .unknown(let error):
            self.count("unknown", error, lane)
            Logger.current.warning("SMS outcome unknown", metadata: error.logMetadata)
        case .rejected(let error):
            self.count("rejected", error, lane)
            Logger.current.log(level: error.logLevel, "SMS rejected", metadata: error.logMetadata)
        }
    }

    private func count(_ outcome: String, _ error: SMSError, _ lane: Lane) {
        let dimensions = [("outcome", outcome), ("kind", "\(error.kind)"), ("lane", "\(lane)")]
        Counter(label: "otp.sends", dimensions: dimensions, factory: self.factory).increment()
    }
}

extension Logger.Metadata {
    /// Creates metadata without the pairs whose value is missing or empty.
    fileprivate init(withoutEmptyValues pairs: [(String, String?)]) {
        self.init()
        for case (let key, let value?) in pairs where !value.isEmpty { self[key] = "\(value)" }
    }
}

extension SMSReceipt {
    fileprivate var logMetadata: Logger.Metadata {
        Logger.Metadata(withoutEmptyValues: [("sms.message.id", self.messageID), ("sms.request.id", self.requestID)])
    }
}

extension SMSError {
    var logMetadata: Logger.Metadata {
        Logger.Metadata(withoutEmptyValues: [
            ("sms.error.code", self.code), ("sms.error.kind", self.kind.description),
            ("sms.request.id", self.requestID),
        ])
    }

    /// The log level of a rejected message.
    ///
    /// The level is `error` if all sends fail until an operator acts, for example because the balance is empty.
    fileprivate var logLevel: Logger.Level {
        switch self.kind {
        case .auth, .balance, .account: .error
        default: .warning
        }
    }
}

extension SMSSendOutcome {
    /// The span attributes for the outcome of a send.
    fileprivate var attributes: [(String, String?)] {
        switch self {
        case .accepted(let receipt):
            [
                ("sms.outcome", "accepted"), ("sms.message.id", receipt.messageID),
                ("sms.request.id", receipt.requestID),
            ]
        case .rejected(let error):
            [("sms.outcome", "rejected"), ("error.type", error.code), ("sms.request.id", error.requestID)]
        case .unknown(let error):
            [("sms.outcome", "unknown"), ("error.type", error.code), ("sms.request.id", error.requestID)]
        }
    }
}
