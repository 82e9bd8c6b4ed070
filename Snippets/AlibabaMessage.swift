// Sends a message through Alibaba Cloud.

// snippet.show
import AlibabaSMS
import SMSKit

let client = try AlibabaSMSClient(configuration: AlibabaSMSConfiguration(senderID: "Acme"))

let number = try PhoneNumber("+65 9123 4567")
let update = SendMessageToGlobe(to: number, message: "Your parcel is on its way.", type: .notification)
let result = await client.perform(update, timeout: .seconds(20))
switch result.outcome {
case .accepted(let response): print("accepted: \(response.messageID ?? "")")
case .rejected(let error): print("not sent: \(error)")
case .unknown(let error): print("may have been sent: \(error)")
}
try await client.shutdown()
