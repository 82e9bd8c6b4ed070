// SPDX-License-Identifier: Apache-2.0

import Logging
import Metrics
import SMSKit
import Synchronization

/// Counts the sends in progress, including overdue sends.
///
/// A send is overdue if the SMS client has not returned by the deadline. Swift cannot end a task that ignores its cancellation.
/// Therefore the task of an overdue send continues, and retains the message with the code. Without limits, a client that hangs
/// would fill the memory of the process.
final class PendingSends: Sendable {
    /// A send in progress.
    ///
    /// A send ends when ``end()`` is called, or when its last reference is released.
    final class Send: Sendable {
        private let sends: PendingSends
        private let number: UInt64

        fileprivate init(_ sends: PendingSends, _ number: UInt64) {
            self.sends = sends
            self.number = number
        }

        deinit { self.end() }

        /// Records that the client has returned, before or after the deadline.
        func end() { self.sends.end(self.number) }

        /// Records that the deadline has passed.
        ///
        /// If the client has already returned, the method has no effect.
        func miss() { self.sends.miss(self.number) }
    }

    private struct State {
        var lastNumber: UInt64 = 0
        /// The numbers of the sends in progress whose deadline has not passed.
        var inProgress: Set<UInt64> = []
        var overdue: Set<UInt64> = []
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
        let begun = self.state.withLock { state -> Result<UInt64, OTPError> in
            guard state.overdue.count < self.maximumOverdue else { return .failure(self.tooManyOverdue) }
            guard state.inProgress.count + state.overdue.count < self.maximum else { return .failure(self.tooMany) }
            state.lastNumber += 1
            state.inProgress.insert(state.lastNumber)
            return .success(state.lastNumber)
        }
        do throws(OTPError) {
            return Send(self, try begun.get())
        } catch {
            if let refusal = error.delivery {
                Logger.current.warning("SMS not sent", metadata: refusal.logMetadata)
            }
            throw error
        }
    }

    private func end(_ number: UInt64) {
        let count = self.state.withLock { state -> Int? in
            guard state.inProgress.remove(number) == nil, state.overdue.remove(number) != nil else { return nil }
            return state.overdue.count
        }
        if let count { self.record(count) }
    }

    private func miss(_ number: UInt64) {
        let count = self.state.withLock { state -> Int? in
            guard state.inProgress.remove(number) != nil else { return nil }
            state.overdue.insert(number)
            return state.overdue.count
        }
        guard let count else { return }
        self.record(count)
        guard count == self.maximumOverdue else { return }
        Logger.current.error("SMS client hangs, sends are refused", metadata: ["otp.sends.overdue": "\(count)"])
    }

    private func record(_ count: Int) {
        self.overdueGauge.record(count)
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
