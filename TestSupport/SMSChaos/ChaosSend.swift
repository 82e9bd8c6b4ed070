// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS

/// A call of the SMS client, with its outcome.
package struct ChaosSend: Sendable {
    /// The outcome of a call, without the phone number and the text.
    package enum Outcome: Sendable, Hashable {
        case accepted(messageID: String)
        case rejected(code: String)
        case unknown(code: String)
    }

    /// The task ID of the message, which identifies the message in the inbox.
    package var task: String
    package var outcome: Outcome
    /// The number of HTTP requests.
    package var requests: Int
    /// The duration of the call.
    package var elapsed: Duration
    /// The timeout of the call.
    package var timeout: Duration

    package init(task: String, outcome: Outcome, requests: Int, elapsed: Duration, timeout: Duration) {
        self.task = task
        self.outcome = outcome
        self.requests = requests
        self.elapsed = elapsed
        self.timeout = timeout
    }

    /// Sends a message, and records the outcome.
    static func make(_ message: SendMessageToGlobe, by client: AlibabaSMSClient, timeout: Duration) async -> Self {
        let start = ContinuousClock.now
        let result = await client.perform(message, timeout: timeout)
        return Self(
            task: message.taskID ?? "",
            outcome: Outcome(result.outcome),
            requests: result.requests.count,
            elapsed: start.duration(to: .now),
            timeout: timeout
        )
    }
}

extension ChaosSend.Outcome {
    init(_ outcome: AlibabaSMSOutcome<SendMessageToGlobe.Response>) {
        switch outcome {
        case .accepted(let response): self = .accepted(messageID: response.messageID ?? "")
        case .rejected(let error): self = .rejected(code: error.code.rawValue)
        case .unknown(let error): self = .unknown(code: error.code.rawValue)
        }
    }

    /// The name of the outcome.
    package var name: String {
        switch self {
        case .accepted: "accepted"
        case .rejected: "rejected"
        case .unknown: "unknown"
        }
    }

    /// The error code; `nil` if the message was accepted.
    package var code: String? {
        switch self {
        case .accepted: nil
        case .rejected(let code), .unknown(let code): code
        }
    }
}

extension ChaosSend: CustomStringConvertible {
    /// The call and its outcome, without the phone number and the text.
    package var description: String {
        "\(self.task): \(self.outcome.name) \(self.outcome.code ?? "") after \(self.requests) requests and "
            + "\(self.elapsed.inMilliseconds) of \(self.timeout.inMilliseconds)"
    }
}

extension Duration {
    /// The duration in milliseconds, such as `12 ms`.
    package var inMilliseconds: String { "\(Int64(self / .milliseconds(1))) ms" }
}
