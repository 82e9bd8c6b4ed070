// SPDX-License-Identifier: Apache-2.0

import Logging
import Metrics
import SMSKit
import Synchronization

/// Counts the sends in progress, including overdue sends.
///
/// A send is overdue if the SMS client has not returned by the deadline. If the client ignores the cancellation of its task,
/// the task continues, and keeps the message with the code in memory. The limits on the number of sends bound the memory of
/// such tasks.
final class PendingSends: Sendable {
    /// A send in progress.
    ///
    /// A send ends when ``end()`` is called, or when the last reference to the object is released.
    final class Send: Sendable {
        fileprivate enum Phase: Int, Sendable {
            case inTime, overdue, ended
        }

        private let sends: PendingSends
        private let phase = Mutex(Phase.inTime)

        fileprivate init(_ sends: PendingSends) {
            self.sends = sends
        }

        deinit { self.end() }

        /// Records that the client has returned, before or after the deadline.
        func end() { self.advance(to: .ended) }

        /// Records that the deadline has passed.
        ///
        /// If the client has already returned, the method has no effect.
        func miss() { self.advance(to: .overdue) }

        /// Moves the send to the given phase, unless the send has already reached this phase or a later phase.
        private func advance(to next: Phase) {
            let overdue = self.phase.withLock { phase -> Int? in
                guard phase.rawValue < next.rawValue else { return nil }
                defer { phase = next }
                return self.sends.move(from: phase, to: next)
            }
            // Metrics and logs are written after the lock is released.
            if let overdue { self.sends.record(overdue, becauseOfMiss: next == .overdue) }
        }
    }

    private struct State {
        /// The number of sends in progress whose deadline has not passed.
        var inTime = 0
        var overdue = 0
    }

    private let maximum: Int
    private let maximumOverdue: Int
    private let overdueGauge = Gauge(label: "otp.sends.overdue")
    private let state = Mutex(State())

    /// Creates a counter without sends.
    ///
    /// - Parameters:
    ///   - maximum: The maximum number of sends in progress, including overdue sends.
    ///   - maximumOverdue: The number of overdue sends at which new sends are rejected.
    init(maximum: Int, maximumOverdue: Int) {
        self.maximum = maximum
        self.maximumOverdue = maximumOverdue
    }

    /// Begins a send, before the store counts it.
    ///
    /// - Throws: ``OTPError`` with the code `deliveryFailed` if too many sends are overdue or in progress.
    func begin() throws(OTPError) -> Send {
        let error = self.state.withLock { state -> OTPError? in
            guard state.overdue < self.maximumOverdue else { return self.tooManyOverdue }
            guard state.inTime + state.overdue < self.maximum else { return self.tooMany }
            state.inTime += 1
            return nil
        }
        guard let error else { return Send(self) }
        if let refusal = error.delivery {
            Logger.current.warning("SMS not sent", metadata: refusal.logMetadata)
        }
        throw error
    }

    /// Changes the counts when a send enters another phase.
    ///
    /// - Returns: The number of overdue sends, or `nil` if this number did not change.
    private func move(from earlier: Send.Phase, to next: Send.Phase) -> Int? {
        self.state.withLock { state in
            if earlier == .inTime { state.inTime -= 1 }
            if earlier == .overdue { state.overdue -= 1 }
            if next == .overdue { state.overdue += 1 }
            return earlier == .overdue || next == .overdue ? state.overdue : nil
        }
    }

    private func record(_ overdue: Int, becauseOfMiss isMiss: Bool) {
        self.overdueGauge.record(overdue)
        guard isMiss, overdue == self.maximumOverdue else { return }
        Logger.current.error("SMS client hangs, sends are refused", metadata: ["otp.sends.overdue": "\(overdue)"])
    }

    private var tooManyOverdue: OTPError {
        var failure = OTPError(
            .deliveryFailed,
            "no message was sent: \(self.maximumOverdue) earlier sends have not returned"
        )
        failure.delivery = SMSError(
            code: "overdueSends",
            kind: .transient,
            message: "the SMS client hangs: restart the service if this lasts"
        )
        return failure
    }

    private var tooMany: OTPError {
        var failure = OTPError(.deliveryFailed, "no message was sent: \(self.maximum) sends are in progress or overdue")
        failure.delivery = SMSError(
            code: "pendingSends",
            kind: .transient,
            message: "the SMS client returns more slowly than messages arrive: retry later"
        )
        return failure
    }
}
