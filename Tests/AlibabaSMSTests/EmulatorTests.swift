// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSEmulator
import AsyncHTTPClient
import Foundation
import SMSKit
import Testing

/// Tests of the client with the emulated gateway, over real HTTP.
@Suite struct EmulatorTests {
    @Test func acceptedMessageArrivesUnchanged() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [Fixture.credential()])) { emulator in
            try await withClient(emulator.baseURL) { client in
                let sent = try Fixture.message()
                let outcome = await client.send(sent, timeout: .seconds(20))
                guard case .accepted(let receipt) = outcome else {
                    Issue.record("\(outcome)")
                    return
                }
                let newest = await emulator.inbox.messages().first
                let message = try #require(newest)
                #expect(message.text == Fixture.text)
                #expect(message.to == "+6591234567")
                #expect(message.from == "Alicloud321")
                #expect(message.type == "OTP")
                #expect(message.taskID == "d-1")
                #expect(message.validityPeriod == 300)
                #expect(message.code == "824719")
                #expect(message.encoding == "ucs2")
                #expect(receipt.messageID == message.messageID)
                #expect(receipt.requestID == message.requestID)
                #expect(receipt.segments == message.segments)
                #expect(Int64(message.messageID) != nil)
            }
        }
    }

    @Test(arguments: zip(SMSMessage.Category.all, ["OTP", "NOTIFY", "MKT"]))
    func categoryDeterminesTheType(category: SMSMessage.Category, type: String) async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [Fixture.credential()])) { emulator in
            try await withClient(emulator.baseURL) { client in
                let message = SMSMessage(
                    to: try Fixture.number(),
                    text: "Hi",
                    category: category,
                    validity: .milliseconds(10)
                )
                #expect(await client.send(message, timeout: .seconds(20)).isAccepted)
                let received = await emulator.inbox.messages().first
                #expect(received?.type == type)
                #expect(received?.validityPeriod == 1)
            }
        }
    }

    @Test func typedResponseHasEveryField() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [Fixture.credential()])) { emulator in
            try await withClient(emulator.baseURL) { client in
                let request = SendMessageToGlobe(to: try Fixture.number(), message: "Hi", from: "Shop")
                guard case .accepted(let response) = await client.perform(request, timeout: .seconds(20)).outcome else {
                    Issue.record("not accepted")
                    return
                }
                #expect(response.header.code == "OK")
                #expect(response.header.message?.isEmpty == false)
                #expect(response.to == "6591234567")
                #expect(response.from == "Shop")
                #expect(response.segments == 1)
                #expect(response.numberDetail?.country?.isEmpty == false)
                #expect(response.header.requestID == response.header.requestID?.uppercased())
            }
        }
    }

    @Test(
        arguments: [
            ("other-secret", nil, nil, "SignatureDoesNotMatch"),
            (Fixture.secret, nil, "CAIS+token/==", "MissingSecurityToken"),
            (Fixture.secret, "CAIS+other/==", "CAIS+token/==", "InvalidSecurityToken.MismatchWithAccessKey"),
            (Fixture.secret, "CAIS+token/==", nil, "InvalidSecurityToken.MismatchWithAccessKey"),
        ] as [(String, String?, String?, String)]
    )
    func invalidCredentialIsRejected(secret: String, token: String?, known: String?, code: String) async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [Fixture.credential(token: known)])) { emulator in
            let credential = try Fixture.credential(secret: secret, token: token)
            try await withClient(emulator.baseURL, credential: credential) { client in
                let message = try Fixture.message()
                let outcome = await client.send(message, timeout: .seconds(20))
                #expect(outcome.isRejected)
                #expect(outcome.error?.code == code)
                #expect(outcome.error?.kind == .auth)
                #expect(outcome.error?.requestID != nil)
                #expect(await emulator.inbox.messages().isEmpty)
            }
        }
    }

    @Test func validTokenIsAccepted() async throws {
        let credential = try Fixture.credential(token: "CAIS+token/==")
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [credential])) { emulator in
            try await withClient(emulator.baseURL, credential: credential) { client in
                let message = try Fixture.message()
                #expect(await client.send(message, timeout: .seconds(20)).isAccepted)
            }
        }
    }

    @Test func unknownKeyIsRejected() async throws {
        try await SMSGatewayEmulator.withServer { emulator in
            try await withClient(emulator.baseURL) { client in
                let message = try Fixture.message()
                let outcome = await client.send(message, timeout: .seconds(20))
                #expect(outcome.isRejected)
                #expect(outcome.error?.code == "InvalidAccessKeyId.NotFound")
                #expect(outcome.error?.kind == .auth)
            }
        }
    }

    @Test func replayedNonceIsUnknownAndNotRetried() async throws {
        let nonces = Counter()
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [Fixture.credential()])) { emulator in
            let nonce: @Sendable () -> String = {
                nonces.next()
                return "always-the-same"
            }
            try await withClient(emulator.baseURL, nonce: nonce) { client in
                let message = try Fixture.message()
                #expect(await client.send(message, timeout: .seconds(20)).isAccepted)
                let outcome = await client.send(message, timeout: .seconds(20))
                #expect(outcome.isUnknown)
                #expect(outcome.error?.code == "SignatureNonceUsed")
                #expect(nonces.value == 2)
                #expect(await emulator.inbox.messages().count == 1)
            }
        }
    }

    @Test(arguments: [(-901.0, false), (-899.0, true), (899.0, true), (901.0, false)])
    func timestampMoreThanFifteenMinutesOffIsRejected(offset: Double, isAccepted: Bool) async throws {
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [Fixture.credential()], now: { now })) { emulator in
            try await withClient(emulator.baseURL, now: { now.addingTimeInterval(offset) }) { client in
                let message = try Fixture.message()
                let outcome = await client.send(message, timeout: .seconds(20))
                #expect(outcome.isAccepted == isAccepted)
                if !isAccepted { #expect(outcome.error?.code == "InvalidTimeStamp.Expired") }
            }
        }
    }
}
