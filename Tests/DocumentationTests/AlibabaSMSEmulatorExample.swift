// SPDX-License-Identifier: Apache-2.0
// The catalogue of the module shows this file from here on.

import AlibabaSMS
import AlibabaSMSEmulator
import SMSKit
import Testing

@Test func theMessageArrives() async throws {
    let key = try AlibabaCredential(accessKeyID: "id", accessKeySecret: "secret")
    try await SMSGatewayEmulator.withServer(.init(accessKeys: [key])) { emulator in
        let client = try AlibabaSMSClient(
            configuration: AlibabaSMSConfiguration(endpoint: emulator.baseURL),
            credentials: .static(key)
        )
        let number = try PhoneNumber("+65 9123 4567")
        _ = await client.perform(
            SendMessageToGlobe(to: number, message: "Your parcel is on its way.", type: .notification),
            timeout: .seconds(10)
        )
        let messages = await emulator.inbox.messages()
        #expect(messages.first?.text == "Your parcel is on its way.")
        try await client.shutdown()
    }
}
