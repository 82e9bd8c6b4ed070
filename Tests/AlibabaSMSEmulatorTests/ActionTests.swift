// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import SMSKit
import Testing

@testable import AlibabaSMSEmulator

/// Tests of the actions of the emulated service.
@Suite struct ActionTests {
    static let globe = [("To", "6591234567"), ("Message", "Your code is 123456")]
    static let template = [
        ("To", "8613800000000"), ("From", "阿里云"), ("TemplateCode", "SMS_123456"),
        ("TemplateParam", #"{"code":"824719","minutes":"5"}"#),
    ]

    /// Returns changed parameters.
    ///
    /// A change adds or replaces a parameter. The value `nil` removes the parameter.
    static func changed(_ parameters: [(String, String)], _ changes: [(String, String?)]) -> [(String, String)] {
        let kept = parameters.filter { parameter in !changes.contains { $0.0 == parameter.0 } }
        return kept + changes.compactMap { change in change.1.map { (change.0, $0) } }
    }

    static func call(
        _ action: String,
        _ parameters: [(String, String)],
        to emulator: SMSGatewayEmulator.Server,
        asForm: Bool = false
    ) async throws -> ReceivedResponse {
        try await SpoilableRequest(to: emulator, action: action, parameters: parameters, asForm: asForm)
            .send(to: emulator)
    }

    static func withServer<Result: Sendable>(
        _ account: AccountSettings = .init(requestsPerSecond: ["BatchSendMessageToGlobe": 1000]),
        _ body: (SMSGatewayEmulator.Server) async throws -> Result
    ) async throws -> Result {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()], account: account), body)
    }

    @Test(arguments: [false, true]) func everyActionAcceptsQueryAndFormParameters(asForm: Bool) async throws {
        try await Self.withServer { emulator in
            let sent = try await Self.call("SendMessageToGlobe", Self.globe, to: emulator, asForm: asForm)
            let id = try #require(sent.json["MessageId"] as? String)
            let calls: [(String, [(String, String)])] = [
                ("BatchSendMessageToGlobe", [("To", #"["6591234567"]"#), ("Message", #"["Hi"]"#), ("Type", "MKT")]),
                ("SendMessageWithTemplate", Self.template),
                ("QueryMessage", [("MessageId", id)]),
                ("SmsConversion", [("Delivered", "True"), ("MessageId", id)]),
                ("ConversionData", [("ConversionRate", "0.53"), ("ReportTime", "1700000000000")]),
            ]
            #expect(Set(calls.map(\.0) + ["SendMessageToGlobe"]) == Set(GatewayActions.all.map(\.name)))
            for (action, parameters) in calls {
                let response = try await Self.call(action, parameters, to: emulator, asForm: asForm)
                #expect(response.status == 200)
                #expect(response.code == "OK", "\(action): \(response.text)")
                #expect(response.json["RequestId"] is String)
            }
        }
    }

    @Test func everyMissingParameterIsRejected() async throws {
        try await Self.withServer { emulator in
            for action in GatewayActions.all {
                for name in action.requiredParameters {
                    let others = action.requiredParameters.filter { $0 != name }.map { ($0, "x") }
                    let response = try await Self.call(action.name, others, to: emulator)
                    #expect(response.status == 400)
                    #expect(response.code == "Missing\(name)")
                }
            }
        }
    }

    @Test func aBatchListsFailedNumbersAndAcceptsTheOthers() async throws {
        try await Self.withServer { emulator in
            let parameters = [
                ("To", #"["6591234567","0","8613800000000","85261234567"]"#), ("Message", #"["A","B","C","D \" ü"]"#),
                ("From", "Shop"), ("TaskId", "t-1"),
            ]
            let response = try await Self.call("BatchSendMessageToGlobe", parameters, to: emulator)
            #expect(response.code == "OK")
            #expect(response.json["FailedList"] as? String == #"["0","8613800000000"]"#)
            #expect(response.json["SuccessCount"] as? String == "2")
            #expect(response.json["From"] as? String == "Shop")
            let messages = await emulator.inbox.messages()
            #expect(messages.map(\.text) == ["D \" ü", "A"])
            #expect(messages.allSatisfy { $0.taskID == "t-1" && $0.action == "BatchSendMessageToGlobe" })
            let list = try #require(response.json["MessageIdList"] as? String)
            let ids = try JSONDecoder().decode([String].self, from: Data(list.utf8))
            #expect(ids == messages.reversed().map(\.messageID))
        }
    }

    @Test(
        arguments: [
            ([("To", "6591234567")], "INVALID_JSON_PARAM"),
            ([("To", "[]")], "INVALID_JSON_PARAM"),
            ([("To", "[6591234567]")], "INVALID_JSON_PARAM"),
            ([("Message", "Hi")], "INVALID_JSON_PARAM"),
            ([("Message", #"["Hi","Ho"]"#)], "INVALID_PARAMETERS"),
            ([("Type", "OTP")], "INVALID_PARAMETERS"),
            ([("From", "no!")], "INVALID_SENDERID"),
            (
                [("To", "[\(Array(repeating: "\"6591234567\"", count: 1001).joined(separator: ","))]")],
                "MOBILE_COUNT_OVER_LIMIT"
            ),
        ] as [([(String, String)], String)]
    )
    func anInvalidBatchIsRejectedAsAWhole(changes: [(String, String)], code: String) async throws {
        try await Self.withServer { emulator in
            let good = [("To", #"["6591234567"]"#), ("Message", #"["Hi"]"#)]
            let parameters = Self.changed(good, changes.map { ($0.0, $0.1) })
            let response = try await Self.call("BatchSendMessageToGlobe", parameters, to: emulator, asForm: true)
            #expect(response.status == 200)
            #expect(response.code == code)
            #expect(await emulator.inbox.messages().isEmpty)
        }
    }

    @Test func theVariablesOfATemplateAreReplaced() async throws {
        let account = AccountSettings(
            signatures: ["阿里云"],
            templates: [SMSTemplate(code: "SMS_123456", content: "验证码${code}，${minutes}分钟内有效。")]
        )
        try await Self.withServer(account) { emulator in
            let response = try await Self.call("SendMessageWithTemplate", Self.template, to: emulator)
            #expect(response.code == "OK")
            #expect(response.json["From"] == nil)
            let newest = await emulator.inbox.messages().first
            let message = try #require(newest)
            #expect(message.text == "【阿里云】验证码824719，5分钟内有效。")
            #expect(message.template?.code == "SMS_123456")
            #expect(message.template?.parameters == ["code": "824719", "minutes": "5"])
            #expect(message.code == "824719")
            #expect(message.codeRule == .templateVariable)
            #expect(message.from == "阿里云")
        }
    }

    @Test(
        arguments: [
            ([("To", "6591234567")], "NOT_SUPPORTED_COUNTRY"),
            ([("To", "8613")], "MOBILE_NUMBER_ILLEGAL"),
            ([("From", "别人")], "SMS_SIGN_NAME_ILLEGAL"),
            ([("TemplateCode", "SMS_1")], "SMS_CONTENT_CODE_ILLEGAL"),
            ([("TemplateCode", "hello")], "SMS_CONTENT_CODE_ILLEGAL"),
            ([("TemplateParam", nil)], "CONTENT_MISSING_PARAMETERS"),
            ([("TemplateParam", #"{"minutes":"5"}"#)], "CONTENT_MISSING_PARAMETERS"),
            ([("TemplateParam", "code=1")], "INVALID_JSON_PARAM"),
            ([("TemplateParam", "")], "INVALID_JSON_PARAM"),
            ([("TemplateParam", #"{"code":1}"#)], "INVALID_JSON_PARAM"),
            ([("TemplateParam", #"{"code":"\#(String(repeating: "1", count: 201))"}"#)], "PARAM_LENGTH_LIMIT"),
            ([("SmsUpExtendCode", "x")], "INVALID_PARAMETERS"),
            ([("ValidityPeriod", "-1")], "INVALID_PARAMETERS"),
        ] as [([(String, String?)], String)]
    )
    func anInvalidTemplateMessageIsRejectedWithItsCode(changes: [(String, String?)], code: String) async throws {
        let account = AccountSettings(
            signatures: ["阿里云"],
            templates: [SMSTemplate(code: "SMS_123456", content: "${code}")]
        )
        try await Self.withServer(account) { emulator in
            let parameters = Self.changed(Self.template, changes)
            let response = try await Self.call("SendMessageWithTemplate", parameters, to: emulator)
            #expect(response.status == 200)
            #expect(response.code == code)
            #expect(await emulator.inbox.messages().isEmpty)
        }
    }

    @Test func segmentsOfMainlandChinaHaveSeventyUnits() throws {
        let to = try #require(PhoneNumber(e164: "+8613800000000"))
        for (length, segments) in [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)] {
            let text = String(repeating: "a", count: length)
            let order = ValidatedMessage(action: "", to: to, text: text, options: .init())
            #expect(order.segments == segments, "\(length)")
        }
    }

    @Test func aQueryReturnsAllFields() async throws {
        try await Self.withServer { emulator in
            let sent = try await Self.call("SendMessageToGlobe", Self.globe, to: emulator)
            let id = try #require(sent.json["MessageId"] as? String)
            let response = try await Self.call("QueryMessage", [("MessageId", id)], to: emulator)
            #expect(response.json["MessageId"] as? String == id)
            #expect(response.json["To"] as? String == "6591234567")
            #expect(response.json["Message"] as? String == "Your code is 123456")
            #expect(response.json["Status"] as? String == "3")
            #expect((response.json["SendDate"] as? String)?.hasSuffix(" +0800") == true)
            #expect(response.json["ReceiveDate"] == nil)
            #expect((response.json["NumberDetail"] as? [String: String])?["Region"] == "SG")
            let unknown = try await Self.call("QueryMessage", [("MessageId", "1")], to: emulator)
            #expect(unknown.status == 200)
            #expect(unknown.code == "DATA_NOT_EXIST")
        }
    }

    @Test func aConversionIsRecordedInTheTimelineOfItsMessage() async throws {
        try await Self.withServer { emulator in
            let sent = try await Self.call("SendMessageToGlobe", Self.globe, to: emulator)
            let id = try #require(sent.json["MessageId"] as? String)
            for (delivered, time) in [("true", nil), ("False", Int64(Date().timeIntervalSince1970 * 1000))] {
                let parameters = Self.changed(
                    [("MessageId", id), ("Delivered", delivered)],
                    [("ConversionTime", time.map { "\($0)" })]
                )
                #expect(try await Self.call("SmsConversion", parameters, to: emulator).code == "OK")
            }
            let message = await emulator.inbox.messages().first
            let details = message?.timeline.filter { $0.kind == .conversion }.map(\.detail)
            #expect(details == ["used", "not used"])
        }
    }

    @Test(
        arguments: [
            ("SmsConversion", [("Delivered", "yes")]),
            ("SmsConversion", [("Delivered", "true"), ("ConversionTime", "soon")]),
            ("SmsConversion", [("Delivered", "true"), ("ConversionTime", "9223372036854775807")]),
            ("ConversionData", [("ConversionRate", "53%")]),
            ("ConversionData", [("ConversionRate", "1.01")]),
            ("ConversionData", [("ConversionRate", "nan")]),
            ("ConversionData", [("ConversionRate", "")]),
            ("ConversionData", [("ConversionRate", "0.5"), ("ReportTime", "-1")]),
        ] as [(String, [(String, String)])]
    )
    func anInvalidConversionIsRejected(action: String, parameters: [(String, String)]) async throws {
        try await Self.withServer { emulator in
            let response = try await Self.call(action, parameters, to: emulator)
            #expect(response.code == "INVALID_PARAMETERS")
        }
    }

    @Test func aConversionBeforeItsMessageIsRejected() async throws {
        try await Self.withServer { emulator in
            let sent = try await Self.call("SendMessageToGlobe", Self.globe, to: emulator)
            let id = try #require(sent.json["MessageId"] as? String)
            let parameters = [("MessageId", id), ("Delivered", "true"), ("ConversionTime", "1000")]
            #expect(try await Self.call("SmsConversion", parameters, to: emulator).code == "INVALID_PARAMETERS")
        }
    }

    @Test(arguments: [3600, -3600]) func conversionsAreAcceptedAfterTheClockWasMoved(seconds: Int) async throws {
        let now = Date()
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()], now: { now })) { emulator async throws in
            await emulator.advanceClock(by: .seconds(seconds))
            let sent = try await Self.call("SendMessageToGlobe", Self.globe, to: emulator)
            let id = try #require(sent.json["MessageId"] as? String)
            for time in [now, emulator.now] {
                let milliseconds = "\(Int64(time.timeIntervalSince1970 * 1000))"
                let parameters = [("MessageId", id), ("Delivered", "true"), ("ConversionTime", milliseconds)]
                #expect(try await Self.call("SmsConversion", parameters, to: emulator).code == "OK")
            }
        }
    }

    @Test func theTimelineOfAMessageIsBounded() async throws {
        let event = InboxMessage.Event(.conversion, at: Date())
        var message = InboxMessage(
            messageID: "1",
            requestID: "r",
            to: "+6591234567",
            text: "x",
            receivedAt: Date(),
            encoding: "gsm7",
            segments: 1
        )
        for _ in 0..<1000 { message.record(event) }
        #expect(message.timeline.count == 50)
    }

    @Test func datesHaveTheFormatOfMail() {
        #expect(Date(timeIntervalSince1970: 1_545_641_902).mailDate == "Mon, 24 Dec 2018 16:58:22 +0800")
    }
}
