// Asks the guard before a message is sent.

import Crypto
// snippet.show
import SMSKit
import SendGuard

func makeGuard(ledger: any SendLedger, key: SymmetricKey) throws -> SMSGuard {
    var policy = GuardPolicy(homeRegions: [.unitedKingdom], serviceBudget: .init(messages: 20_000, money: 8_000_000))
    policy.prices = [.unitedKingdom: 400]  // in 1/10,000 of a pound; other regions get no message
    let hash = ScopeHash { Array(HMAC<SHA256>.authenticationCode(for: $0, using: key)) }
    return try SMSGuard(policy: policy, ledger: ledger, hash: hash)
}

func send(_ message: SMSMessage, from address: String, with client: any SMSClient, sendGuard: SMSGuard) async throws {
    let request = SendRequest(
        number: message.recipient,
        tenant: "acme",
        purpose: "registration",
        source: SourceAddress(address)
    )
    let decision = try await sendGuard.reserve(request)
    guard let reservation = decision.reservation else {
        print("not sent: \(decision)")
        return
    }
    if case .rejected = await client.send(message, timeout: .seconds(10)) {
        try await sendGuard.release(reservation)
    }
}
