// SPDX-License-Identifier: Apache-2.0

import Deadlines
import SMSKit

extension AlibabaSMSClient {
    /// Polls the gateway until the delivery of a message is final, or until a timeout.
    ///
    /// The method waits before each query except the first. Each wait is a random time from 50% to 100% of a maximum. The
    /// maximum starts at one second, and doubles after each query up to 30 seconds.
    ///
    /// Poll only if the gateway cannot push reports to the program. Otherwise, use a ``DeliveryReportHandler``.
    ///
    /// - Parameters:
    ///   - messageID: The gateway's identifier of the message.
    ///   - timeout: The maximum time to poll.
    /// - Returns: The last known delivery state.
    public func deliveryState(of messageID: String, until timeout: Duration) async -> DeliveryState {
        let deadline = self.clock.now() + timeout
        var progress = DeliveryProgress()
        var queries = 0
        while deadline > self.clock.now() {
            let remaining = deadline - self.clock.now()
            let outcome = await self.call(QueryMessage(messageID: messageID), timeout: remaining).outcome
            if let state = progress.record(outcome) { return state }
            queries += 1
            guard await self.backOff(after: queries, until: deadline) else { break }
        }
        return progress.state
    }

    /// Waits before the next query.
    ///
    /// Returns `false` if the wait would end at or after the deadline, or if the task is cancelled.
    private func backOff(after queries: Int, until deadline: Duration) async -> Bool {
        let backOff = Backoff(base: .seconds(1), maximum: .seconds(30), jitter: .half)
        // With full jitter, the first queries could follow each other immediately.
        let end = self.clock.now() + backOff.delay(afterFailures: queries, chance: self.chance())
        guard end < deadline, !Task.isCancelled else { return false }
        do {
            try await self.clock.sleep(end)
            return true
        } catch {
            return false
        }
    }
}

/// The results of the delivery queries so far.
private struct DeliveryProgress {
    private var response: QueryMessage.Response?
    private var isPending = false
    private var error: AlibabaSMSError?

    /// The delivery state to return if no further query is made.
    var state: DeliveryState {
        if !self.isPending, let error = self.error { return DeliveryState(.unavailable, error: error) }
        return DeliveryState(.pending, response: self.response)
    }

    /// Records the result of a query, and returns the delivery state if no further query is needed.
    mutating func record(_ outcome: AlibabaSMSOutcome<QueryMessage.Response>) -> DeliveryState? {
        switch outcome {
        case .accepted(let response):
            self.response = response
            self.isPending = true
            if response.status == .delivered { return DeliveryState(.delivered, response: response) }
            if response.status == .failed { return DeliveryState(.failed, response: response) }
        case .rejected(let error) where error.code == "DATA_NOT_EXIST":
            self.isPending = true
        case .rejected(let error) where ![.transient, .throttled].contains(error.kind):
            return DeliveryState(.unavailable, error: error)
        case .rejected(let error), .unknown(let error):
            self.error = error
        }
        return nil
    }
}
