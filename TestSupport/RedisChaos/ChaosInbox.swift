// SPDX-License-Identifier: Apache-2.0

import SMSKit
import Synchronization

/// An SMS client that stores each recipient's last code and number of messages.
final class ChaosInbox: SMSClient {
    private struct Entry: Sendable {
        var code: String
        var messages: Int
    }

    private let entries = Mutex<[PhoneNumber: Entry]>([:])

    func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
        let code = message.text.split { !($0.isASCII && $0.isNumber) }.first { $0.count == 6 }.map(String.init) ?? ""
        self.entries.withLock { entries in
            entries[message.recipient] = Entry(
                code: code,
                messages: entries[message.recipient, default: Entry(code: "", messages: 0)].messages + 1
            )
        }
        return .accepted(SMSReceipt(messageID: "chaos"))
    }

    /// Returns the last code that was sent to a phone number; `nil` if no code was sent.
    func code(of number: PhoneNumber) -> String? {
        self.entries.withLock { $0[number]?.code }
    }

    /// Returns the number of messages that were sent to a phone number.
    func messages(to number: PhoneNumber) -> Int {
        self.entries.withLock { $0[number]?.messages ?? 0 }
    }
}
