import AlibabaSMS

/// One call of the client, and what it was told.
package struct ChaosSend: Sendable {
    /// What the client made of it.
    package enum Outcome: Sendable, Hashable {
        case accepted(messageID: String)
        case rejected(code: String)
        case unknown(code: String)
    }

    /// The identifier by which its messages are found in the inbox.
    package var task: String
    package var outcome: Outcome
    /// How many requests were made.
    package var requests: Int
    /// How long the call took.
    package var elapsed: Duration
    /// How long it might take.
    package var timeout: Duration

    package init(task: String, outcome: Outcome, requests: Int, elapsed: Duration, timeout: Duration) {
        self.task = task
        self.outcome = outcome
        self.requests = requests
        self.elapsed = elapsed
        self.timeout = timeout
    }

    /// Sends a message, and notes what came of it.
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

    /// The outcome without its identifier.
    package var name: String {
        switch self {
        case .accepted: "accepted"
        case .rejected: "rejected"
        case .unknown: "unknown"
        }
    }

    /// The code of what went wrong.
    package var code: String? {
        switch self {
        case .accepted: nil
        case .rejected(let code), .unknown(let code): code
        }
    }
}

extension ChaosSend: CustomStringConvertible {
    /// What the client was told, without number and text.
    package var description: String {
        "\(self.task): \(self.outcome.name) \(self.outcome.code ?? "") after \(self.requests) requests and "
            + "\(self.elapsed.inMilliseconds) of \(self.timeout.inMilliseconds)"
    }
}

extension Duration {
    /// Such as `12 ms`.
    package var inMilliseconds: String { "\(Int64(self / .milliseconds(1))) ms" }
}
