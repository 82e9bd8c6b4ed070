// Sends a message through any gateway.

// snippet.show
import SMSKit

func notify(_ text: String, with client: any SMSClient) async throws {
    let number = try PhoneNumber(text, defaultRegion: .unitedKingdom)
    let message = SMSMessage(to: number, text: "Your parcel is on its way.", category: .notification)
    switch await client.send(message, timeout: .seconds(10)) {
    case .accepted(let receipt): print("accepted: \(receipt.messageID)")
    case .rejected(let error): print("not sent: \(error)")
    case .unknown(let error): print("may have been sent: \(error)")
    }
}
