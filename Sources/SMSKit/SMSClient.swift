// SPDX-License-Identifier: Apache-2.0

/// A client of a gateway that sends text messages.
///
/// Gateways bill accepted messages, and a sent message cannot be recalled. An implementation must therefore:
/// - send at most one message per call,
/// - return ``SMSSendOutcome/rejected(_:)`` only if the gateway certainly did not accept the message, and
/// - return ``SMSSendOutcome/unknown(_:)`` in every case of doubt.
public protocol SMSClient: Sendable {
    /// Sends one message.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - timeout: The maximum duration of the call, including retries. If the outcome is not known at the end of this time,
    ///     the call returns ``SMSSendOutcome/unknown(_:)``.
    /// - Returns: The outcome, which shows whether the gateway accepted the message.
    func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome

    /// Returns whether the gateway can send messages to a number.
    ///
    /// The check does not send a request. Callers use the check before they count a send against any limit.
    ///
    /// - Parameter number: The recipient.
    /// - Returns: `false` if ``send(_:timeout:)`` would certainly reject the number; otherwise `true`.
    func canSend(to number: PhoneNumber) -> Bool
}

extension SMSClient {
    /// Returns `true`.
    ///
    /// By default, the gateway itself decides whether it accepts a number.
    public func canSend(to number: PhoneNumber) -> Bool { true }
}
