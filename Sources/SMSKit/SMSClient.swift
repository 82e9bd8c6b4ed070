// SPDX-License-Identifier: Apache-2.0

/// A client of a gateway that sends text messages.
///
/// A send is billed when the gateway accepts the message and cannot be undone. Therefore an implementation
/// - sends at most one message per call,
/// - returns ``SMSSendOutcome/rejected(_:)`` only if the gateway certainly did not accept the message, and
/// - returns ``SMSSendOutcome/unknown(_:)`` in every case of doubt.
public protocol SMSClient: Sendable {
    /// Sends one message.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - timeout: The longest time that the call may take, retries included. If the outcome is not known by then, the call
    ///     returns ``SMSSendOutcome/unknown(_:)``.
    /// - Returns: The outcome.
    func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome

    /// Returns whether messages to a number can be sent, as far as is known without a request to the gateway.
    ///
    /// Callers ask before they charge any limit.
    ///
    /// - Parameter number: The recipient.
    /// - Returns: `false` if ``send(_:timeout:)`` would certainly reject the number.
    func canSend(to number: PhoneNumber) -> Bool
}

extension SMSClient {
    /// Returns `true`: by default no number is rejected in advance.
    public func canSend(to number: PhoneNumber) -> Bool { true }
}
