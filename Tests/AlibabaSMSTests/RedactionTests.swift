// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import InMemoryLogging
import Logging
import SMSKit
import StrictJSON
import Testing
import TextFormats

@testable import AlibabaSMS

/// Tests that descriptions, dumps and logs contain no phone number, text, code or key.
@Suite struct RedactionTests {
    static let forbidden = [
        "6591234567", "91234567", "824719", "share it", Fixture.secret, "TokenOfTheTests",
        PercentEncoding.encode(Fixture.text), "%E4%BD%A0", "你好", "LTAI-test", "To=6", "Message=Y",
    ]

    static func expectClean(_ text: String, _ what: String, location: SourceLocation = #_sourceLocation) {
        for word in Self.forbidden where text.contains(word) {
            Issue.record("\(what) holds \(word)", sourceLocation: location)
        }
    }

    static func everyText(of value: Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        return "\(value) \(String(reflecting: value)) \(dumped)"
    }

    /// Responses of a gateway that quotes the request in every field.
    static let echoes: [MisbehavingServer.Behavior] = {
        let quote = "POST&6591234567 \(Fixture.text) \(Fixture.secret)".replacing("\"", with: "")
        let fields =
            #""Message":"\#(quote)","ResponseDescription":"\#(quote)","RequestId":"6591234567","HostId":"\#(quote)","#
            + #""Recommend":"https://x/?q=\#(quote)","AccessDeniedDetail":{"AuthAction":"\#(quote)","#
            + #""NoPermissionType":"\#(quote)","More":"\#(quote)"},"Unknown":{"To":"\#(quote)"}"#
        return [
            .respond(MisbehavingServer.http("400 Bad Request", #"{"Code":"SignatureDoesNotMatch",\#(fields)}"#)),
            .respond(MisbehavingServer.http("400 Bad Request", #"{"Code":"To=6591234567",\#(fields)}"#)),
            .respond(MisbehavingServer.http("400 Bad Request", #"{"Code":"\#(quote)",\#(fields)}"#)),
            .respond(MisbehavingServer.http("200 OK", #"{"ResponseCode":"SENT_6591234567",\#(fields)}"#)),
            .respond(
                MisbehavingServer.http("200 OK", #"{"ResponseCode":"OK","MessageId":"to 6591234567",\#(fields)}"#)
            ),
            .respond(MisbehavingServer.http("500 Internal Server Error", quote)),
            .respond(MisbehavingServer.http("502 \(Fixture.secret)", quote)),
            .respondAndClose(quote),
            .closeAfterReading,
            .hangAfterReading,
        ]
    }()

    @Test(arguments: echoes)
    func outcomesAndLogsContainNoSecret(behavior: MisbehavingServer.Behavior) async throws {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .trace
        let token = "TokenOfTheTests"
        try await MisbehavingServer.with([behavior]) { server in
            try await withClient(server.url, credential: try Fixture.credential(token: token)) { client in
                let message = try Fixture.message()
                let action = SendMessageToGlobe(to: message.recipient, message: message.text)
                let (outcome, result) = await withLogger(logger) { _ in
                    (
                        await client.send(message, timeout: .milliseconds(700)),
                        await client.perform(action, timeout: .milliseconds(700))
                    )
                }
                Self.expectClean(Self.everyText(of: outcome), "the outcome")
                Self.expectClean(Self.everyText(of: result), "the result")
                if let error = outcome.error {
                    Self.expectClean(error.message, "the message")
                    Self.expectClean(error.localizedDescription, "the localized description")
                }
                if let error = result.error {
                    Self.expectClean(error.message, "the message")
                    Self.expectClean(error.localizedDescription, "the localized description")
                    if let detail = error.accessDenied { Self.expectClean(Self.everyText(of: detail), "the detail") }
                }
            }
        }
        #expect(!handler.entries.isEmpty)
        for entry in handler.entries { Self.expectClean("\(entry.message) \(entry.metadata)", "the log") }
    }

    @Test(
        arguments: [
            (#"{"ResponseCode":"OK","MessageId":"1","RequestId":"F655A8D5-B967-440B-8683-DAD6FF8DE990"}"#, true),
            (#"{"ResponseCode":"MOBILE_NUMBER_ILLEGAL","RequestId":"F655A8D5-B967-440B-8683-DAD6FF8DE990"}"#, true),
            (#"{"ResponseCode":"SYSTEM_ERROR","RequestId":"F655A8D5-B967-440B-8683-DAD6FF8DE990"}"#, true),
            (#"{"ResponseCode":"OK","MessageId":"1"}"#, false), ("<html>", false),
            (#"{"ResponseCode":"OK","MessageId":"1","RequestId":"to 6591234567"}"#, false),
        ]
    )
    func logContainsRequestAndMessageID(body: String, isNamed: Bool) async throws {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .debug
        try await MisbehavingServer.with([.respond(MisbehavingServer.http("200 OK", body))]) { server in
            try await withClient(server.url) { client in
                let action = SendMessageToGlobe(to: try Fixture.number(), message: Fixture.text)
                let result = await withLogger(logger) { _ in await client.perform(action, timeout: .seconds(5)) }
                #expect(result.requests.map { $0.requestID != nil } == [isNamed])
            }
        }
        let entries = handler.entries.filter { $0.metadata["sms.outcome"] != nil }
        #expect(entries.map { "\($0.message)" } == ["Gateway request finished", "Gateway call finished"])
        for entry in entries {
            #expect((entry.metadata["sms.request.id"] == "F655A8D5-B967-440B-8683-DAD6FF8DE990") == isNamed)
            #expect((entry.metadata["sms.request.id"] != nil) == isNamed)
            #expect(entry.metadata.values.allSatisfy { !"\($0)".isEmpty })
        }
        let isAccepted = entries.last?.metadata["sms.outcome"] == "accepted"
        #expect((entries.last?.metadata["sms.message.id"] == "1") == isAccepted)
        #expect((entries.last?.metadata["sms.error.kind"] == nil) == isAccepted)
    }

    @Test func descriptionsAndDumpsContainNoSecret() throws {
        let credential = try Fixture.credential(token: "TokenOfTheTests")
        let request = SendMessageToGlobe(to: try Fixture.number(), message: Fixture.text)
        let body = #"{"ResponseCode":"OK","To":"6591234567","ResponseDescription":"6591234567 824719"}"#
        let response = SendMessageToGlobe.Response(
            try #require(ResponseFields(JSON(parsing: body.utf8, rules: .externalFormat)))
        )
        let environment = EnvironmentCredentialProvider(environment: [
            "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI-test", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": Fixture.secret,
        ])
        let json = #"""
            {"ResponseCode":"OK","To":"6591234567","Message":"824719","MessageId":"x","Status":"1","FailedList":
             ["6591234567"],"Other":{"To":"6591234567"},"NumberDetail":{"Country":"SG","Other":"91234567"}}
            """#
        let fields = try #require(ResponseFields(JSON(parsing: json.utf8, rules: .externalFormat)))
        let number = try Fixture.number()
        let batched = BatchSendMessageToGlobe.Message(to: number, text: Fixture.text)
        let mainland = try #require(PhoneNumber(e164: "+8613891234567"))
        let values: [Any] = [
            fields, JSONValue.string("6591234567"), JSONValue.object(["To": .string("6591234567")]),
            QueryMessage.Response(fields), BatchSendMessageToGlobe.Response(fields),
            SendMessageWithTemplate.Response(fields),
            ConversionResponse(fields), SendMessageToGlobe.Response(fields), batched,
            BatchSendMessageToGlobe([batched]),
            SmsConversion(messageID: "1", isDelivered: true, to: number),
            SendMessageWithTemplate(
                to: mainland,
                from: "s",
                templateCode: "SMS_1",
                templateParameters: ["code": "824719"]
            ),
            SMSMessage(to: number, text: "x", variables: ["code": "824719"], category: .oneTimePassword),
            credential, request, request.parameters, response, environment, StaticCredentialProvider(credential),
            RequestSigner(credential: credential), try Fixture.message(),
            RequestSigner.Request(host: "h", action: "a", query: request.parameters),
            DefaultCredentialProvider.Configuration(environment: [
                "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI-test", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": Fixture.secret,
            ]),
            SendMessageToGlobe.Response(fields).header, NumberDetail(fields), AccessDeniedDetail(fields),
            DeliveryState(.delivered, response: QueryMessage.Response(fields)),
            AlibabaSMSOutcome.accepted(response),
        ]
        for value in values { Self.expectClean(Self.everyText(of: value), "\(type(of: value))") }
    }

    @Test func dumpOfARequestDoesNotContainItsBytes() {
        let request = RequestSigner.Request(host: "h", action: "a", body: Array("To=6591234567".utf8))
        let text = Self.everyText(of: request)
        #expect(!text.contains("54, 53, 57, 49"))
        #expect(!text.contains("- 54\n"))
    }
}
