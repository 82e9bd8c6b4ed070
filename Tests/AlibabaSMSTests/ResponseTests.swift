// SPDX-License-Identifier: Apache-2.0

import Foundation
import SMSKit
import StrictJSON
import Testing

@testable import AlibabaSMS

/// Tests of the fields in a response that the client parses.
@Suite struct ResponseTests {
    static func fields(_ json: String) throws -> ResponseFields {
        try #require(ResponseFields(JSON(parsing: json.utf8, rules: .externalFormat)))
    }

    @Test func messageResponseHasEveryField() throws {
        let response = SendMessageToGlobe.Response(
            try Self.fields(
                #"""
                {"ResponseCode":"OK","ResponseDescription":"d","RequestId":"r","MessageId":"1","To":"65","From":"f",
                 "Segments":"2","NumberDetail":{"Country":"c","Region":"g","Carrier":"k","Zone":"z"},
                 "New":{"a":[1,2.5,true,null]}}
                """#
            )
        )
        #expect(response.header.code == "OK")
        #expect(response.header.message == "d")
        #expect(response.header.requestID == "r")
        #expect(response.messageID == "1")
        #expect(response.to == "65")
        #expect(response.from == "f")
        #expect(response.segments == 2)
        #expect(response.numberDetail?.country == "c")
        #expect(response.numberDetail?.region == "g")
        #expect(response.numberDetail?.carrier == "k")
        #expect(response.numberDetail?.otherFields == ["Zone": "z"])
        #expect(
            response.header.otherFields == ["New": #"{"a":[1,2.5,true,null]}"#]
        )
    }

    @Test func templateResponseHasEveryField() throws {
        let response = SendMessageWithTemplate.Response(
            try Self.fields(
                #"""
                {"ResponseCode":"OK","ResponseDescription":"d","RequestId":"r","MessageId":"1","To":"86","Segments":"1",
                 "NumberDetail":{"Country":"c"},"From":"x"}
                """#
            )
        )
        #expect(response.header.code == "OK")
        #expect(response.header.message == "d")
        #expect(response.header.requestID == "r")
        #expect(response.messageID == "1")
        #expect(response.to == "86")
        #expect(response.segments == 1)
        #expect(response.from == "x")
        #expect(response.numberDetail?.country == "c")
        #expect(response.header.otherFields.isEmpty)
    }

    @Test(arguments: [
        (#""[\"1\",\"2\"]""#, ["1", "2"]), (#"["1","2"]"#, ["1", "2"]), (#"[1,2]"#, ["1", "2"]),
        (#""[1,2]""#, ["1", "2"]),
        (#""[]""#, []), ("[]", []), (#""""#, []),
    ])
    func listMayBeAnArrayOrAString(json: String, list: [String]) throws {
        let response = BatchSendMessageToGlobe.Response(
            try Self.fields(#"{"MessageIdList":\#(json),"FailedList":\#(json)}"#)
        )
        #expect(response.messageIDs == list)
        #expect(response.failedNumbers == list)
        #expect(response.header.otherFields.isEmpty)
    }

    @Test(arguments: [#""1,2""#, #"{"a":1}"#, "1", #"["1",{}]"#, #""[\"1\"""#, "true"])
    func unreadableListStaysAmongTheOtherFields(json: String) throws {
        let response = BatchSendMessageToGlobe.Response(try Self.fields(#"{"FailedList":\#(json)}"#))
        #expect(response.failedNumbers == nil)
        #expect(response.header.otherFields["FailedList"] != nil)
    }

    @Test(
        arguments: [
            (#"{"ResponseCode":"OK"}"#, [.accepted, .accepted, .accepted]),
            (#"{"ResponseCode":"OK","SuccessCount":"3","FailedList":"[]"}"#, [.accepted, .accepted, .accepted]),
            (
                #"{"ResponseCode":"OK","SuccessCount":"2","FailedList":"[\"6591000001\"]"}"#,
                [.accepted, .failed, .accepted]
            ),
            (#"{"ResponseCode":"OK","FailedList":["+6591000001","6591000002"]}"#, [.accepted, .failed, .failed]),
            (
                #"{"ResponseCode":"OK","SuccessCount":"1","FailedList":"[\"6591000001\"]"}"#,
                [.unknown, .failed, .unknown]
            ),
            (#"{"ResponseCode":"OK","SuccessCount":"x"}"#, [.unknown, .unknown, .unknown]),
            (#"{"ResponseCode":"OK","SuccessCount":"-3"}"#, [.unknown, .unknown, .unknown]),
            (#"{"ResponseCode":"OK","FailedList":"[\"6591****\"]"}"#, [.unknown, .unknown, .unknown]),
            (#"{"ResponseCode":"OK","FailedList":"6591000001"}"#, [.unknown, .unknown, .unknown]),
            (#"{"FailedList":"[\"6591000000\"]"}"#, [.failed, .unknown, .unknown]),
        ] as [(String, [BatchSendMessageToGlobe.Disposition])]
    )
    func eachNumberOfABatchHasADisposition(
        json: String,
        dispositions: [BatchSendMessageToGlobe.Disposition]
    ) throws {
        let numbers = try (0..<3).map { try #require(PhoneNumber(e164: "+659100000\($0)")) }
        let response = BatchSendMessageToGlobe.Response(try Self.fields(json))
        let found = response.dispositions(of: numbers)
        #expect(numbers.map { found[$0] } == dispositions)
    }

    @Test func rejectedBatchWithAcceptedMessagesIsUnknown() {
        for (more, isUnknown) in [
            ("", false), (#","SuccessCount":"0","MessageIdList":"[]""#, false), (#","SuccessCount":"1""#, true),
            (#","MessageIdList":"[\"1\"]""#, true),
        ] {
            let body = Array(#"{"ResponseCode":"AMOUNT_NOT_ENOUGH"\#(more)}"#.utf8)
            let attempt = RequestOutcome(GatewayResponse(status: 200, body: body), to: BatchSendMessageToGlobe.self)
            if case .unknown(let error, .unanswered) = attempt {
                #expect(isUnknown)
                #expect(error.code == "AMOUNT_NOT_ENOUGH")
            } else {
                #expect(!isUnknown)
            }
        }
    }

    @Test func queryResponseHasEveryField() throws {
        let response = QueryMessage.Response(
            try Self.fields(
                #"""
                {"ResponseCode":"OK","ResponseDescription":"d","RequestId":"r","MessageId":"1","To":"65","Message":"t",
                 "Status":"1","ErrorCode":"DELIVERED","ErrorDescription":"success",
                 "SendDate":"Mon, 24 Dec 2018 16:58:22 +0800","ReceiveDate":"yesterday",
                 "NumberDetail":{"Country":"c"},"Cost":"0.05"}
                """#
            )
        )
        #expect(response.header.code == "OK")
        #expect(response.header.message == "d")
        #expect(response.header.requestID == "r")
        #expect(response.messageID == "1")
        #expect(response.to == "65")
        #expect(response.message == "t")
        #expect(response.status == .delivered)
        #expect(response.errorCode == "DELIVERED")
        #expect(response.errorDescription == "success")
        #expect(response.sendDate == Date(timeIntervalSince1970: 1_545_641_902))
        #expect(response.receiveDate == nil)
        #expect(response.numberDetail?.country == "c")
        #expect(response.header.otherFields == ["ReceiveDate": "yesterday", "Cost": "0.05"])
        for (text, status) in [
            ("1", QueryMessage.Status.delivered), ("2", .failed), ("3", .sending), ("9", .init(rawValue: "9")),
        ] {
            #expect(QueryMessage.Response(try Self.fields(#"{"Status":"\#(text)"}"#)).status == status)
            #expect(QueryMessage.Response(try Self.fields(#"{"Status":\#(text)}"#)).status == status)
        }
    }

    @Test func conversionResponseHasEveryField() throws {
        let json = #"{"ResponseCode":"OK","ResponseDescription":"d","RequestId":"r","More":1}"#
        let response = ConversionResponse(try Self.fields(json))
        #expect(response.header.code == "OK")
        #expect(response.header.message == "d")
        #expect(response.header.requestID == "r")
        #expect(response.header.otherFields == ["More": "1"])
    }

    @Test func hugeNumberInAnotherFieldIsHarmless() throws {
        let response = SendMessageToGlobe.Response(
            try Self.fields(#"{"ResponseCode":"OK","MessageId":"1","Big":123456789012345678901234567890,"Huge":1e999}"#)
        )
        #expect(response.header.code == "OK")
        #expect(response.messageID == "1")
        #expect(response.header.otherFields.count == 2)
    }

    @Test func errorKeepsTheDetailsOfTheGateway() {
        let body = #"""
            {"Code":"Forbidden.RAM","Message":"User not authorized","RequestId":"F655A8D5-B967-440B-8683-DAD6FF8DE990",
             "HostId":"h","Recommend":"https://api.aliyun.com/troubleshoot?q=Forbidden.RAM",
             "AccessDeniedDetail":{"AuthAction":"dysms:SendMessageToGlobe","AuthPrincipalType":"SubUser",
             "AuthPrincipalOwnerId":"1","AuthPrincipalDisplayName":"n","NoPermissionType":"ImplicitDeny",
             "PolicyType":"AccountLevelIdentityBasedPolicy","EncodedDiagnosticMessage":"e","More":"m"}}
            """#
        for text in [
            body,
            body.replacing("\"Code\"", with: "\"code\"").replacing("\"RequestId\"", with: "\"requestId\"")
                .replacing("\"Message\"", with: "\"message\"").replacing("\"Access", with: "\"access"),
        ] {
            guard
                case .rejected(let error, .none) = RequestOutcome(
                    GatewayResponse(status: 403, body: Array(text.utf8)),
                    to: SendMessageToGlobe.self
                )
            else { Issue.record("not rejected"); continue }
            #expect(error.code == "Forbidden.RAM")
            #expect(error.kind == .auth)
            #expect(error.httpStatus == 403)
            #expect(error.requestID == "F655A8D5-B967-440B-8683-DAD6FF8DE990")
            #expect(error.recommendation == "https://api.aliyun.com/troubleshoot?q=Forbidden.RAM")
            #expect(error.gatewayMessage == "User not authorized")
            let detail = error.accessDenied
            #expect(detail?.action == "dysms:SendMessageToGlobe")
            #expect(detail?.principalType == "SubUser")
            #expect(detail?.principalOwnerID == "1")
            #expect(detail?.principalDisplayName == "n")
            #expect(detail?.noPermissionType == "ImplicitDeny")
            #expect(detail?.policyType == "AccountLevelIdentityBasedPolicy")
            #expect(detail?.encodedDiagnosticMessage == "e")
            #expect(detail?.otherFields == ["More": "m"])
        }
    }

    @Test(
        arguments: [
            ("QPS_LIMIT_CONTROL", 1), ("Throttling.User", 1), ("Throttling.Something", 1), ("ALERT_LIMIT_DAY", 86_400),
            ("ALERT_LIMIT_MONTH", 2_678_400), ("BUSINESS_LIMIT_CONTROL_MINUTE", 60), ("BUSINESS_LIMIT_DAY", 86_400),
            ("BUSINESS_LIMIT_HOUR", 3600), ("BUSINESS_LIMIT_NEW_MINUTE", 60), ("BUSINESS_LIMIT_CONTROL_PHONE", nil),
            ("BUSINESS_LIMIT_TODAY", nil), ("AMOUNT_NOT_ENOUGH", nil), ("SYSTEM_ERROR", nil),
        ] as [(String, Int?)]
    )
    func limitCodeImpliesRetryAfter(code: String, seconds: Int?) {
        let entry = GatewayErrorTable.entry(for: code)
        let error = SMSError(AlibabaSMSError(.init(rawValue: code), kind: entry.kind, message: "m"))
        #expect(error.retryAfter == seconds.map { .seconds($0) })
    }

    @Test func waitOfTheGatewayTakesPrecedenceOverTheWindow() {
        var error = AlibabaSMSError("Throttling.User", kind: .throttled, message: "m")
        error.retryAfter = .seconds(30)
        #expect(SMSError(error).retryAfter == .seconds(30))
    }

    @Test func everyCodeOfTheTableHasAKind() {
        for (code, entry) in GatewayErrorTable.exact {
            #expect(SafeText.wellFormedCode(code) == code)
            #expect(entry.kind != .unknown, "\(code)")
            // Only codes for temporary conditions may be retried.
            if entry.treatment == .retryLater { #expect(entry.kind == .throttled, "\(code)") }
        }
        let optIn = Set(GatewayErrorTable.exact.filter { $0.value.treatment == .likelyRejected }.keys)
        #expect(
            optIn == ["ServiceUnavailable", "ServiceUnavailableTemporary", "SYSTEM_ERROR", "ONLINE_BILLING_FAILED"]
        )
    }

    @Test(
        arguments: [
            ("Mon, 24 Dec 2018 16:58:22 +0800", 1_545_641_902), ("Thu, 25 Nov 2021 10:25:33 +0800", 1_637_807_133),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("1 Jan 1970 00:00:00 -0100", 3600),
            ("Thu, 29 Feb 2024 12:00:00 UTC", 1_709_208_000), ("Sun, 31 Dec 2000 23:59:60 +0000", 978_307_200),
            ("Fri, 01 Mar 2100 00:00:00 +0000", 4_107_542_400),
        ] as [(String, Double)]
    )
    func mailDateIsParsed(text: String, time: Double) {
        #expect(MailDate.parse(text) == Date(timeIntervalSince1970: time))
    }

    @Test(arguments: [
        "", "yesterday", "Mon, 24 Dec 2018", "Mon, 24 Dec 2018 16:58:22", "Mon, 24 Dec 2018 16:58 +0800",
        "Mon, 31 Feb 2018 16:58:22 +0800", "Thu, 29 Feb 2100 00:00:00 GMT", "Mon, 24 Dec 2018 24:00:00 +0800",
        "Mon, 24 Dec 2018 16:60:22 +0800", "Mon, 24 Dez 2018 16:58:22 +0800", "Mon, 24 Dec 1918 16:58:22 +0800",
        "Mon, 24 Dec 2018 16:58:22 +0860", "Mon, 24 Dec 2018 16:58:22 0800", "Mon, 0 Dec 2018 16:58:22 GMT",
        "Mon, 24 Dec 20188 16:58:22 GMT", "Mon, -4 Dec 2018 16:58:22 GMT", "Mon, 24 Dec 2018 １6:58:22 GMT",
        "2018-12-24T16:58:22Z", String(repeating: "1 ", count: 1000),
    ])
    func otherTextIsNotAMailDate(text: String) { #expect(MailDate.parse(text) == nil) }
}
