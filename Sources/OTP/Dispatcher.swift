import Deadlines
import Logging
import SMSKit

/// Hands messages to the SMS client and settles with the store what became of them.
struct Dispatcher: Sendable {
    let store: any OTPStore
    let sms: any SMSClient
    let policy: OTPPolicy
    let limits: StoreLimits
    let timers: Timers
    let pending: PendingSends

    init(store: any OTPStore, sms: any SMSClient, policy: OTPPolicy, limits: StoreLimits, timers: Timers) {
        self.store = store
        self.sms = sms
        self.policy = policy
        self.limits = limits
        self.timers = timers
        self.pending = PendingSends(
            maximum: policy.maximumPendingSends,
            maximumOverdue: policy.maximumOverdueSends
        )
    }

    /// Sends a message that the store admitted.
    ///
    /// A message that is certainly not sent is given back. One that may have been sent stays counted, and its code live.
    func send(
        _ message: SMSMessage,
        _ reservation: SendReservation,
        _ number: PhoneNumberIndexes,
        as send: PendingSends.Send
    ) async throws(OTPError) -> (delivery: Challenge.Delivery, requestID: String?) {
        switch await self.outcome(of: message, send) {
        case .accepted(let receipt):
            return (.accepted(messageID: receipt.messageID), receipt.requestID)
        case .unknown(let error):
            Logger.current.info("SMS outcome unknown", metadata: ["sms.error": "\(error)"])
            return (.unknown, error.requestID)
        case .rejected(let error):
            await self.release(reservation, number)
            var failure = OTPError(.deliveryFailed, "the message was refused")
            failure.delivery = error
            failure.retryAfter = error.retryAfter
            throw failure
        }
    }

    /// Gives back what a message used that was certainly not sent.
    func release(_ reservation: SendReservation, _ number: PhoneNumberIndexes) async {
        do {
            try await self.store.release(reservation, for: number, limits: self.limits)
        } catch {
            // The message stays counted: that is the safe side, and it is forgotten by itself.
            Logger.current.info("Release failed", metadata: ["otp.error": "\(error)"])
        }
    }

    /// What the client says, or *unknown* if it keeps to no deadline.
    private func outcome(of message: SMSMessage, _ send: PendingSends.Send) async -> SMSSendOutcome {
        // The client knows best what became of the message, so it gets a moment longer than it was told.
        let deadline = self.policy.sendTimeout + .seconds(1)
        let outcome = await withDeadline(deadline, on: self.timers) {
            let outcome = await self.sms.send(message, timeout: self.policy.sendTimeout)
            send.end()
            return outcome
        }
        if outcome == nil { send.miss() }
        let timeout = SMSError(code: "timeout", kind: .transient, message: "the SMS client did not answer in time")
        return outcome ?? .unknown(timeout)
    }
}
