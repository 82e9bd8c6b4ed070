// Sends a message through the second provider after the first provider rejected the message.

// snippet.show
import SMSKit

/// A provider whose account is empty.
struct EmptyAccount: SMSClient {
    func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
        .rejected(SMSError(code: "NO_CREDIT", kind: .balance, message: "the account has no credit"))
    }
}

/// A provider that accepts every message.
struct FullAccount: SMSClient {
    func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
        .accepted(SMSReceipt(messageID: "42"))
    }
}

let client = FailoverSMSClient([.init("first", EmptyAccount()), .init("second", FullAccount())]) { attempt in
    print("\(attempt.provider): \(attempt.outcome)")
}
let message = SMSMessage(to: try PhoneNumber("+6591234567"), text: "Your code is 123456.", category: .oneTimePassword)
print(await client.send(message, timeout: .seconds(10)))
