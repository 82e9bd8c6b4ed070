// SPDX-License-Identifier: Apache-2.0

/// A client of a gateway that sends text messages.
///
/// Gateways bill accepted messages, and a sent message cannot be recalled. An implementation must therefore:
///
/// - send at most one message per call,
/// - return ``SMSSendOutcome/rejected(_:)`` only if the gateway certainly did not accept the message, and
/// - return ``SMSSendOutcome/unknown(_:)`` in every case of doubt.
public protocol SMSClient: Sendable {
    /// Sends one message.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - timeout: The maximum duration of the call, including retries.
    /// - Returns: The outcome; ``SMSSendOutcome/unknown(_:)`` if the timeout ends before the outcome is known.
    func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome

    /// Returns whether the gateway can send messages to a number.
    ///
    /// The method sends no request. A caller can use the method before it counts a send against a limit.
    ///
    /// - Parameter number: The recipient.
    /// - Returns: `false` if ``send(_:timeout:)`` would certainly reject the number; otherwise `true`.
    func canSend(to number: PhoneNumber) -> Bool
}

extension SMSClient {
    /// Returns `true`, so the gateway itself rejects numbers that it does not support.
    public func canSend(to number: PhoneNumber) -> Bool { true }
}
