// SPDX-License-Identifier: Apache-2.0

import Deadlines
import SMSKit

/// Passes admitted messages to the SMS client.
///
/// If a message was definitely not sent, its ``SendReservation`` is released. The message then counts only toward the cooldown
/// after rejections (``OTPLimits/refusedCooldown``).
final class MessageSender: Sendable {
    let store: any OTPStore
    let sms: any SMSClient
    let policy: OTPPolicy
    let limits: StoreLimits
    let steps: StoreMetrics
    let sends: SendMetrics
    let timers: Timers
    let pending: PendingSends
    private let shadow = ShadowReceipts()

    /// The timeout that is passed to the SMS client.
    ///
    /// The timeout is shorter than the maximum duration of a send (``OTPPolicy/sendTimeout``), so that the client can still
    /// report the outcome.
    private let timeout: Duration

    init(
        store: any OTPStore,
        sms: any SMSClient,
        policy: OTPPolicy,
        limits: StoreLimits,
        steps: StoreMetrics,
        sends: SendMetrics,
        timers: Timers
    ) {
        self.store = store
        self.sms = sms
        self.policy = policy
        self.limits = limits
        self.steps = steps
        self.sends = sends
        self.timers = timers
        self.timeout = policy.sendTimeout - min(.seconds(1), policy.sendTimeout / 10)
        self.pending = PendingSends(
            maximum: policy.maximumPendingSends,
            maximumOverdue: policy.maximumOverdueSends
        )
    }

    /// Sends an admitted message.
    ///
    /// If the gateway rejects the message, the reservation is released, so that the windows in ``OTPLimits/sends`` no longer
    /// count the message. If the outcome is unknown, the message still counts, and the code is still valid.
    @inline(never)  // Inlining would enlarge the frames of calls that send no message.
    func send(
        _ message: SMSMessage,
        _ reservation: SendReservation,
        _ number: PhoneNumberIndexes,
        in lane: Lane,
        as send: PendingSends.Send
    ) async throws(OTPError) -> (delivery: Challenge.Delivery, requestID: String?) {
        let outcome = await self.sends.observe(message, in: lane) { await self.outcome(of: message, send) }
        if case .rejected = outcome { await self.release(reservation, number) }
        return try self.delivery(outcome)
    }

    /// Returns the delivery that the caller learns about, or throws the error for a rejected message.
    @inline(never)  // Inlining would enlarge the asynchronous frame of the caller.
    private func delivery(
        _ outcome: SMSSendOutcome
    ) throws(OTPError) -> (delivery: Challenge.Delivery, requestID: String?) {
        switch outcome {
        case .accepted(let receipt):
            self.shadow.learn(receipt)
            return (.accepted(messageID: receipt.messageID), receipt.requestID)
        case .unknown(let error):
            return (.unknown, error.requestID)
        case .rejected(let error):
            var failure = OTPError(.deliveryFailed, "the gateway rejected the message")
            failure.delivery = error
            failure.retryAfter = error.retryAfter
            throw failure
        }
    }

    /// Returns an invented outcome for a message that the guard silently drops.
    func drop(using random: inout Randomness.Numbers) -> (delivery: Challenge.Delivery, requestID: String?) {
        let receipt = self.shadow.makeReceipt(using: &random)
        return (.accepted(messageID: receipt.messageID), receipt.requestID)
    }

    /// Releases the reservation of a message that was definitely not sent.
    func release(_ reservation: SendReservation, _ number: PhoneNumberIndexes) async {
        // If the store fails, the windows still count the send. This is safe, because the limits are then stricter.
        try? await self.steps.observe(.release) {
            try await self.store.release(reservation, for: number, limits: self.limits)
        }
    }

    /// Returns the outcome from the SMS client, or *unknown* if the client does not return within the send timeout.
    private func outcome(of message: SMSMessage, _ send: PendingSends.Send) async -> SMSSendOutcome {
        let outcome = await withDeadline(self.policy.sendTimeout, on: self.timers) {
            let outcome = await self.sms.send(message, timeout: self.timeout)
            send.end()
            return outcome
        }
        if outcome == nil { send.miss() }
        return outcome
            ?? .unknown(
                SMSError(
                    code: "timeout",
                    kind: .transient,
                    message: "the SMS client did not return within the send timeout"
                )
            )
    }
}
