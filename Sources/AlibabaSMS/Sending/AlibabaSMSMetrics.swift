import Logging
import Metrics

/// Counts and logs what the client does, without numbers, texts or keys.
enum AlibabaSMSMetrics {
    static func record<Action: AlibabaSMSAction>(_ attempt: AlibabaSMSExchange, of action: Action.Type) {
        let code = attempt.error.map(Self.label) ?? "OK"
        Counter(
            label: "alibabasms.requests",
            dimensions: [("action", Action.name), ("ending", attempt.ending.rawValue), ("code", code)]
        )
        .increment()
        var metadata: Logger.Metadata = [
            "sms.action": "\(Action.name)",
            "sms.outcome": "\(attempt.ending.rawValue)",
            "sms.code": "\(attempt.error?.code.rawValue ?? "OK")",
            "sms.pause": "\(attempt.pause)",
        ]
        if let requestID = attempt.requestID { metadata["sms.request.id"] = "\(requestID)" }
        Logger.current.debug("Gateway request finished", metadata: metadata)
    }

    static func record<Action: AlibabaSMSAction>(
        _ result: AlibabaSMSResult<Action.Response>,
        of action: Action.Type,
        duration: Duration
    ) {
        let outcome =
            switch result.outcome {
            case .accepted: "accepted"
            case .rejected: "rejected"
            case .unknown: "unknown"
            }
        let dimensions = [("action", Action.name), ("outcome", outcome)]
        Counter(label: "alibabasms.calls", dimensions: dimensions).increment()
        Metrics.Timer(label: "alibabasms.duration", dimensions: dimensions).record(duration: duration)
        // The first request of a call repeats none.
        let retries = result.attempts.count - 1
        if retries > 0 {
            Counter(label: "alibabasms.retries", dimensions: [("action", Action.name)]).increment(by: Int64(retries))
        }
    }

    /// The code as a label of which there are not many: the gateway may invent codes.
    private static func label(_ error: AlibabaSMSError) -> String {
        let code = error.code
        return GatewayErrorTable.isKnown(code.rawValue) || code.isLocal ? code.rawValue : "other"
    }
}
