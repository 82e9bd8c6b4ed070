import Logging
import Metrics
import SMS
import Synchronization

/// Counts sends whose client did not return by the deadline.
///
/// The task of such a send goes on and holds the message with the code, since Swift cannot end a task that ignores
/// cancellation. Without a limit, a client that never returns would fill the memory of the process with codes.
final class OverdueSends: Sendable {
    /// One send.
    struct ID: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    private struct State {
        var lastNumber: UInt64 = 0
        /// Sends whose client has not returned and whose deadline has not passed.
        var underWay: Set<ID> = []
        var overdue = 0
    }

    private let maximum: Int
    private let state = Mutex(State())

    /// - Parameter maximum: How many sends may be overdue before no further one begins.
    init(maximum: Int) {
        self.maximum = maximum
    }

    /// The sends that are overdue now.
    var count: Int { self.state.withLock { $0.overdue } }

    /// Refuses a send while too many others are overdue.
    ///
    /// - Throws: ``OTPError`` with the code `deliveryFailed`.
    func check() throws(OTPError) {
        guard self.count >= self.maximum else { return }
        var failure = OTPError(.deliveryFailed, "nothing was sent: \(self.maximum) earlier sends have not returned")
        failure.delivery = SMSError(
            code: "overdueSends",
            class: .transient,
            message: "the SMS client hangs; restart the service if this lasts"
        )
        throw failure
    }

    /// Records that a client was called.
    func begin() -> ID {
        self.state.withLock { state in
            state.lastNumber += 1
            let id = ID(number: state.lastNumber)
            state.underWay.insert(id)
            return id
        }
    }

    /// Records that a client returned, in time or late.
    func end(_ id: ID) {
        let count = self.state.withLock { state -> Int? in
            guard state.underWay.remove(id) == nil else { return nil }
            state.overdue -= 1
            return state.overdue
        }
        if let count { self.record(count) }
    }

    /// Records that a deadline has passed; no effect if the client returned just then.
    func miss(_ id: ID) {
        let count = self.state.withLock { state -> Int? in
            guard state.underWay.remove(id) != nil else { return nil }
            state.overdue += 1
            return state.overdue
        }
        guard let count else { return }
        self.record(count)
        guard count == self.maximum else { return }
        Logger.current.error("SMS client hangs, sends are refused", metadata: ["otp.sends.overdue": "\(count)"])
    }

    private func record(_ count: Int) {
        Gauge(label: "otp.sends.overdue").record(count)
    }
}
