// SPDX-License-Identifier: Apache-2.0

import Logging
import Metrics

/// Records metrics and logs of requests and calls, without phone numbers, texts and keys.
///
/// All logs have the level `debug`, because the caller receives every error and can decide how severe the error is.
enum AlibabaSMSMetrics {
    /// Records one HTTP request.
    static func record<Action: AlibabaSMSAction>(_ request: AlibabaSMSRequest, of action: Action.Type) {
        let code = request.error?.code.label ?? "OK"
        Counter(
            label: "alibabasms.requests",
            dimensions: [("action", Action.name), ("outcome", request.outcome.rawValue), ("code", code)]
        )
        .increment()
        var metadata: Logger.Metadata = ["sms.action": "\(Action.name)", "sms.outcome": "\(request.outcome.rawValue)"]
        metadata["sms.error.code"] = request.error.map { "\($0.code)" }
        metadata["sms.request.id"] = request.requestID.map { "\($0)" }
        if request.delay > .zero { metadata["sms.delay"] = "\(request.delay)" }
        Logger.current.debug("Gateway request finished", metadata: metadata)
    }

    /// Records one call of the client.
    static func record<Action: AlibabaSMSAction>(
        _ result: AlibabaSMSResult<Action.Response>,
        of action: Action.Type,
        duration: Duration
    ) {
        let dimensions = [("action", Action.name), ("outcome", result.outcome.name)]
        Counter(label: "alibabasms.calls", dimensions: dimensions).increment()
        Metrics.Timer(label: "alibabasms.duration", dimensions: dimensions).record(duration: duration)
        let retries = result.requests.count - 1
        if retries > 0 {
            Counter(label: "alibabasms.retries", dimensions: [("action", Action.name)]).increment(by: Int64(retries))
        }
        Logger.current.debug("Gateway call finished", metadata: Self.metadata(of: result, of: Action.self))
    }

    private static func metadata<Action: AlibabaSMSAction>(
        of result: AlibabaSMSResult<Action.Response>,
        of action: Action.Type
    ) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "sms.action": "\(Action.name)", "sms.outcome": "\(result.outcome.name)",
            "sms.requests": "\(result.requests.count)",
        ]
        let requestID = SafeText.requestID(result.response?.header.requestID) ?? result.error?.requestID
        metadata["sms.request.id"] = requestID.map { "\($0)" }
        metadata["sms.message.id"] = SafeText.messageID(result.response?.messageID).map { "\($0)" }
        metadata["sms.error.code"] = result.error.map { "\($0.code)" }
        metadata["sms.error.kind"] = result.error.map { "\($0.kind)" }
        return metadata
    }
}

extension AlibabaSMSError.Code {
    /// The error code as a metric label and span attribute.
    ///
    /// Unknown codes share the label `other`, because the gateway may return any number of different codes.
    var label: String { GatewayErrorTable.isKnown(self.rawValue) || self.isLocal ? self.rawValue : "other" }
}

extension AlibabaSMSOutcome {
    fileprivate var name: String {
        switch self {
        case .accepted: "accepted"
        case .rejected: "rejected"
        case .unknown: "unknown"
        }
    }
}
