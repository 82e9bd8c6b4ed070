// SPDX-License-Identifier: Apache-2.0

import SMSKit
import Testing

@testable import AlibabaSMS

/// Tests that messages to mainland China use an approved template.
@Suite struct MainlandTests {
    static let ok = MisbehavingServer.Behavior.respond(
        MisbehavingServer.http("200 OK", #"{"ResponseCode":"OK","MessageId":"7","Segments":"1"}"#)
    )
    static let template = MainlandTemplate(
        signature: "阿里云",
        code: "SMS_1",
        variables: ["code": "code", "time": "minutes"]
    )

    static func message(
        variables: [String: String] = ["code": "824719", "minutes": "5"],
        category: SMSMessage.Category = .oneTimePassword
    ) throws -> SMSMessage {
        SMSMessage(
            to: try #require(PhoneNumber(e164: "+8613800000000")),
            text: "824719",
            variables: variables,
            category: category,
            validity: .seconds(300),
            dispatchID: "d"
        )
    }

    static func send(
        _ message: SMSMessage,
        template: MainlandTemplate?
    ) async throws -> (outcome: SMSSendOutcome, requests: [String], canSend: Bool) {
        try await MisbehavingServer.with([Self.ok]) { server in
            try await withClient(server.url, configure: { $0.mainlandTemplate = template }) { client in
                let outcome = await client.send(message, timeout: .seconds(20))
                return (outcome, server.requestHeads, client.canSend(to: message.recipient))
            }
        }
    }

    @Test func codeIsSentByTheTemplate() async throws {
        let result = try await Self.send(try Self.message(), template: Self.template)
        #expect(result.canSend)
        guard case .accepted(let receipt) = result.outcome else { Issue.record("\(result.outcome)"); return }
        #expect(receipt == SMSReceipt(messageID: "7", segments: 1))
        let request = try #require(result.requests.first)
        let expected = SendMessageWithTemplate(
            to: try Self.message().recipient,
            from: "阿里云",
            templateCode: "SMS_1",
            templateParameters: ["code": "824719", "time": "5"],
            validity: .seconds(300)
        )
        #expect(request.hasPrefix("POST /?\(expected.parameters.canonicalQuery) HTTP/1.1\r\n"))
        #expect(request.contains("x-acs-action: SendMessageWithTemplate\r\n"))
    }

    @Test func nothingIsSentWithoutATemplate() async throws {
        let result = try await Self.send(try Self.message(), template: nil)
        #expect(!result.canSend)
        #expect(result.outcome.isRejected)
        #expect(result.outcome.error?.kind == .caller)
        #expect(result.requests.isEmpty)
    }

    @Test func unsuitableMessagesAreNotSentByTheTemplate() async throws {
        for message in [
            try Self.message(variables: ["code": "824719"]), try Self.message(variables: [:]),
            try Self.message(category: .promotion), try Self.message(category: .notification),
            try Self.message(variables: ["code": "", "minutes": "5"]),
        ] {
            let result = try await Self.send(message, template: Self.template)
            #expect(result.outcome.isRejected)
            #expect(result.outcome.error?.kind == .caller)
            #expect(result.requests.isEmpty)
            RedactionTests.expectClean(RedactionTests.everyText(of: result.outcome), "the outcome")
        }
    }

    @Test func invalidTemplateIsAConfigurationError() {
        for template in [
            MainlandTemplate(signature: " ", code: "SMS_1"), MainlandTemplate(signature: "x", code: ""),
            MainlandTemplate(signature: "x", code: "SMS 1"),
        ] {
            let configuration = AlibabaSMSConfiguration(mainlandTemplate: template)
            let error = #expect(throws: AlibabaSMSError.self) { try configuration.validate() }
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.field == "mainlandTemplate")
        }
    }
}
