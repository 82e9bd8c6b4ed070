// SPDX-License-Identifier: Apache-2.0

import SMSKit
import Testing

@testable import AlibabaSMS

@Suite struct VerdictTests {
    static func response(_ status: Int, _ body: String, retryAfter: String? = nil) -> RequestOutcome<
        SendMessageToGlobe.Response
    > {
        let response = GatewayResponse(status: status, retryAfterHeader: retryAfter, body: Array(body.utf8))
        return RequestOutcome(response, to: SendMessageToGlobe.self)
    }

    static func business(_ code: String) -> String { #"{"ResponseCode":"\#(code)","ResponseDescription":"d"}"# }

    static func gateway(_ code: String) -> String { #"{"Code":"\#(code)","Message":"m","HostId":"h"}"# }

    @Test func onlyOKIsAccepted() throws {
        guard
            case .accepted(let response) = Self.response(
                200,
                #"{"ResponseCode":"OK","MessageId":"1","Segments":"2","To":"65","NumberDetail":{"Country":"SG"}}"#
            )
        else { Issue.record("not accepted"); return }
        #expect(response.messageID == "1")
        #expect(response.segments == 2)
        #expect(response.numberDetail?.country == "SG")
        for body in [
            Self.business("ok"), Self.business("SYSTEM_ERROR"), "{}", "", "OK", "[]", "<html>OK</html>",
            #"{"Code":"OK"}"#,
        ] {
            if case .accepted = Self.response(200, body) { Issue.record("accepted \(body)") }
        }
        for status in [201, 202, 204, 302, 400, 500] {
            if case .accepted = Self.response(status, Self.business("OK")) { Issue.record("accepted \(status)") }
        }
    }

    @Test func unexpectedFieldTypesDoNotHideAnAcceptedMessage() {
        let body =
            #"{"ResponseCode":"OK","MessageId":191921698133637273,"Segments":1,"NumberDetail":"x","RequestId":null}"#
        guard case .accepted(let response) = Self.response(200, body) else { Issue.record("not accepted"); return }
        #expect(response.messageID == "191921698133637273")
        #expect(response.segments == 1)
    }

    @Test(
        arguments: [
            ("MOBILE_NUMBER_ILLEGAL", .number), ("NOT_SUPPORTED_COUNTRY", .number), ("isv.COUNTRY_RESTRICTED", .number),
            ("AMOUNT_NOT_ENOUGH", .balance), ("isv.SENDERID_ERROR", .content), ("INVALID_SENDERID", .content),
            ("SENDERID_BLACKLIST", .content), ("SMS_CONTENT_ILLEGAL", .content), ("CONTENT_EXCEED_LIMIT", .content),
            ("FORBIDDEN_ACTION", .account), ("isv.PRODUCT_UN_SUBSCRIPT", .account), ("RAM_PERMISSION_DENY", .auth),
            ("ALERT_LIMIT_DAY", .limit), ("isv.BUSINESS_LIMIT_HOUR", .limit), ("BUSINESS_LIMIT_CONTROL_PHONE", .limit),
            ("INVALID_PARAMETERS", .caller), ("SOMETHING_NEW", .unknown),
        ] as [(String, SMSError.Kind)]
    )
    func businessCodeIsARejectionWithoutRetry(code: String, kind: SMSError.Kind) {
        guard case .rejected(let error, .none) = Self.response(200, Self.business(code)) else {
            Issue.record("not rejected")
            return
        }
        #expect(error.kind == kind)
        #expect(error.code.rawValue == (code.hasPrefix("isv.") ? String(code.dropFirst(4)) : code))
    }

    @Test(
        arguments: [
            ("SignatureDoesNotMatch", .auth), ("MissingSecurityToken", .auth), ("Forbidden.RAM", .auth),
            ("NoPermission", .auth),
            ("Forbidden.RiskControl", .account), ("MissingTo", .caller), ("InvalidParameter.Format", .caller),
            ("InvalidTimeStamp.Expired", .caller), ("Brand.New", .unknown),
        ] as [(String, SMSError.Kind)]
    )
    func gatewayCodeIsARejectionWithoutRetry(code: String, kind: SMSError.Kind) {
        for body in [Self.gateway(code), #"{"code":"\#(code)","message":"m"}"#] {
            guard case .rejected(let error, .none) = Self.response(400, body) else {
                Issue.record("not rejected"); return
            }
            #expect(error.kind == kind)
            #expect(error.code.rawValue == code)
            #expect(error.httpStatus == 400)
        }
    }

    @Test(arguments: [200, 400, 429, 503])
    func throttlingCodeIsRetried(status: Int) {
        let body = status == 200 ? Self.business("isv.QPS_LIMIT_CONTROL") : Self.gateway("Throttling.User")
        guard case .rejected(let error, .backOff) = Self.response(status, body, retryAfter: "250") else {
            Issue.record("not throttled")
            return
        }
        #expect(error.kind == .throttled)
        #expect(error.retryAfter == .milliseconds(250))
    }

    @Test func throttlingHeaderIsRetriedButStatusAloneIsNot() {
        if case .rejected(_, .backOff) = Self.response(503, "<html>", retryAfter: "10") {
        } else {
            Issue.record("header")
        }
        for header in ["0", "-1", "soon", "", "1.5", "99999999999999999999"] {
            guard case .unknown = Self.response(429, "<html>", retryAfter: header) else {
                Issue.record("\(header)"); return
            }
        }
    }

    @Test(arguments: [
        (500, gateway("InternalError")), (503, gateway("ServiceUnavailable")), (503, gateway("")),
        (503, #"{"Code":null}"#), (503, #"{"code":{}}"#), (503, business("OK")), (429, gateway("no code")),
        (502, "<html>"), (504, ""), (500, ""), (408, ""), (400, "<html>"), (403, "{}"),
    ])
    func theHeaderSpeaksOnlyWithoutACodeAndFor429And503(status: Int, body: String) {
        guard case .unknown = Self.response(status, body, retryAfter: "1000") else {
            Issue.record("\(status) \(body)")
            return
        }
        for status in [429, 503] {
            guard case .rejected(_, .backOff) = Self.response(status, "<html>", retryAfter: "1000") else {
                Issue.record("\(status)")
                return
            }
        }
    }

    @Test func malformedCodeIsUnknown() {
        for code in ["ok", "Ok", "OK ", " OK", "", "isv.OK", "isp.ok", "isp.", "not a code", "SENT_6591234567", "é"] {
            for (status, body) in [(200, Self.business(code)), (400, Self.gateway(code)), (403, Self.gateway(code))] {
                guard case .unknown(let error, _) = Self.response(status, body) else {
                    Issue.record("\(status) \(body)")
                    continue
                }
                #expect(error.code.rawValue == (status == 200 ? "unreadableResponse" : "http\(status)"))
            }
        }
        for body in [#"{"ResponseCode":200}"#, #"{"ResponseCode":true}"#, #"{"ResponseCode":["OK"]}"#] {
            if case .unknown = Self.response(200, body) {} else { Issue.record("\(body)") }
        }
    }

    @Test func unknownFaultOfTheServiceIsUncertain() {
        guard case .unknown(let error, _) = Self.response(200, Self.business("isp.NEW_FAULT")) else {
            Issue.record("not unknown")
            return
        }
        #expect(error.code == "NEW_FAULT")
        for code in ["isv.NEW_FAULT", "NEW_FAULT", "isp.RES_OWNER_ID_UNKNOWN"] {
            if case .rejected(_, .none) = Self.response(200, Self.business(code)) {} else { Issue.record("\(code)") }
        }
    }

    @Test(arguments: [408, 500, 503])
    func aFaultIsRecognizedWithAndWithoutItsPrefix(status: Int) {
        for (code, isLikelyRejected) in [
            ("SYSTEM_ERROR", true), ("isp.SYSTEM_ERROR", true), ("isp.NEW_FAULT", false),
        ] {
            guard case .unknown(let error, let doubt) = Self.response(status, Self.gateway(code)) else {
                Issue.record("\(code)")
                continue
            }
            #expect(doubt == (isLikelyRejected ? .likelyRejected : .unanswered), "\(code)")
            #expect(error.code.rawValue == (code.hasPrefix("isp.") ? String(code.dropFirst(4)) : code))
        }
        for code in ["isv.NEW_FAULT", "isp.SignatureDoesNotMatch"] {
            guard case .unknown(let error, .unanswered) = Self.response(status, Self.gateway(code)) else {
                Issue.record("\(code)")
                continue
            }
            #expect(error.code.rawValue == "http\(status)")
        }
        for code in ["Throttling.User", "isp.Throttling.User"] {
            guard case .rejected = Self.response(status, Self.gateway(code)) else {
                Issue.record("\(code)")
                continue
            }
        }
    }

    @Test(arguments: [
        (200, business("SYSTEM_ERROR")), (200, business("isp.UNKNOWN")), (200, business("ONLINE_BILLING_FAILED")),
        (200, "{"),
        (200, ""), (200, #"{"ResponseCode":null}"#), (500, gateway("InternalError")),
        (500, gateway("SignatureDoesNotMatch")),
        (502, "<html>"), (503, gateway("ServiceUnavailable")), (504, ""), (400, "<html>"), (403, "{}"), (301, ""),
        (100, ""),
        (200, #"{"Code":"SignatureDoesNotMatch"}"#), (400, gateway("SignatureNonceUsed")),
        (408, gateway("SignatureDoesNotMatch")),
    ])
    func uncertainResponseIsUnknown(status: Int, body: String) {
        guard case .unknown = Self.response(status, body) else {
            Issue.record("\(status) \(body)")
            return
        }
    }

    @Test func codeThatQuotesTheNumberIsDropped() {
        for code in [
            "6591234567", "SENT_TO_6591234567", "Your code is 1234", String(repeating: "A", count: 65), "", "é",
        ] {
            #expect(SafeText.code(code) == "unreadableCode")
        }
        #expect(SafeText.requestID("6591234567") == nil)
        #expect(SafeText.requestID("F655A8D5-B967-440B-8683-DAD6FF8DE990") != nil)
        #expect(SafeText.messageID("a b") == nil)
    }
}
