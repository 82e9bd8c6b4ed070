// SPDX-License-Identifier: Apache-2.0

public import SMSKit
import Synchronization

/// An SMS client that records messages instead of sending them.
public final class RecordingSMSClient: SMSClient {
    private let recorded = Mutex<[SMSMessage]>([])
    private let outcome: @Sendable (SMSMessage) async -> SMSSendOutcome

    /// Creates a client.
    ///
    /// - Parameter outcome: A closure that returns the outcome of a message. By default, every message is accepted.
    public init(
        outcome: @escaping @Sendable (SMSMessage) async -> SMSSendOutcome = { _ in
            .accepted(SMSReceipt(messageID: "recorded"))
        }
    ) {
        self.outcome = outcome
    }

    /// The recorded messages, earliest first.
    public var messages: [SMSMessage] { self.recorded.withLock { $0 } }

    /// Records a message, and returns the outcome that the test configured.
    public func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
        self.recorded.withLock { $0.append(message) }
        return await self.outcome(message)
    }

    /// Returns the code in the last message to a phone number.
    ///
    /// - Parameter number: The recipient.
    /// - Returns: The first group of 6 to 10 characters that are digits or capital letters; `nil` if there is no such group or
    ///   no message. Groups with a digit take precedence over groups without digits.
    public func lastCode(to number: PhoneNumber) -> String? {
        guard let message = self.messages.last(where: { $0.recipient == number }) else { return nil }
        let runs = message.text.split { !($0.isASCII && ($0.isNumber || $0.isUppercase)) }
        let candidates = runs.filter { (6...10).contains($0.count) }
        return (candidates.first { $0.contains(where: \.isNumber) } ?? candidates.first).map(String.init)
    }
}
