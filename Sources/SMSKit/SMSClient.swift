/// Something that hands text messages to a gateway.
///
/// A send is billed when the gateway takes the message and cannot be undone, so an implementation
/// - sends at most one message for one call,
/// - answers ``SMSSendOutcome/rejected(_:)`` only if it is certain that the gateway did not take the message, and
/// - answers ``SMSSendOutcome/unknown(_:)`` whenever it cannot tell.
public protocol SMSClient: Sendable {
    /// Hands one message to the gateway.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - timeout: The longest that this call may take, retries included. A call that cannot tell by then what became
    ///     of the message answers ``SMSSendOutcome/unknown(_:)``.
    /// - Returns: What became of the message.
    func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome

    /// Whether messages to a number can be sent at all, as far as is known without asking the gateway.
    ///
    /// Callers ask this before they charge any limit.
    ///
    /// - Parameter number: The recipient.
    /// - Returns: `false` if ``send(_:timeout:)`` would certainly refuse the number.
    func canSend(to number: PhoneNumber) -> Bool
}

extension SMSClient {
    /// Answers `true`: no number is refused in advance.
    public func canSend(to number: PhoneNumber) -> Bool { true }
}
