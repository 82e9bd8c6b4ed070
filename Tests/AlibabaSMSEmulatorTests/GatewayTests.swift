// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import NIOHTTP1
import Testing

@testable import AlibabaSMSEmulator

@Suite struct GatewayTests {
    /// Sends a request that was changed after signing, and returns the response.
    static func send(
        _ configuration: SMSGatewayEmulator.Configuration? = nil,
        spoil: (inout SpoilableRequest) -> Void = { _ in }
    ) async throws -> ReceivedResponse {
        let configuration = try configuration ?? .init(accessKeys: [key()])
        return try await SMSGatewayEmulator.withServer(configuration) { emulator in
            var request = try SpoilableRequest(to: emulator)
            spoil(&request)
            let response = try await request.send(to: emulator)
            let count = await emulator.inbox.messages().count
            #expect(count == (response.code == "OK" ? 1 : 0))
            return response
        }
    }

    @Test func aValidRequestHasAResponseInTheFormatOfTheService() async throws {
        let response = try await Self.send()
        #expect(response.status == 200)
        let json = response.json
        #expect(json["ResponseCode"] as? String == "OK")
        #expect(json["Segments"] as? String == "1")
        #expect(json["To"] as? String == "6591234567")
        #expect(json["From"] == nil)
        #expect((json["MessageId"] as? String)?.allSatisfy(\.isNumber) == true)
        #expect(response.headers.first(name: "content-type") == "application/json;charset=utf-8")
        #expect(response.headers.first(name: "x-acs-request-id") == json["RequestId"] as? String)
    }

    @Test func anUnknownAccessKeyHasAResponseInTheFormatOfTheGateway() async throws {
        let response = try await Self.send(.init())
        #expect(response.status == 404)
        #expect(Set(response.json.keys) == ["RequestId", "HostId", "Code", "Message", "Recommend"])
    }

    @Test func everyAlteredRequestIsRejectedWithItsCode() async throws {
        let cases: [(String, (inout SpoilableRequest) -> Void)] = [
            ("InvalidAction.NotFound", { $0.set("x-acs-action", "SendMessageToMars") }),
            ("InvalidAction.NotFound", { $0.set("x-acs-action", nil) }),
            ("InvalidVersion", { $0.set("x-acs-version", "2017-05-25") }),
            ("InvalidVersion", { $0.set("x-acs-version", nil) }),
            ("IncompleteSignature", { $0.set("authorization", nil) }),
            ("IncompleteSignature", { $0.set("authorization", "ACS3-HMAC-SHA256 nonsense") }),
            ("IncompleteSignature", { $0.set("authorization", "Bearer x") }),
            ("IncompleteSignature", { $0.set("x-acs-extra", "not signed") }),
            ("IncompleteSignature", { $0.set("content-type", "application/x-www-form-urlencoded") }),
            ("InvalidTimeStamp.Format", { $0.set("x-acs-date", "yesterday") }),
            ("InvalidTimeStamp.Expired", { $0.set("x-acs-date", "2001-01-01T00:00:00Z") }),
            ("SignatureDoesNotMatch", { $0.set("x-acs-signature-nonce", "another") }),
            ("SignatureDoesNotMatch", { $0.set("x-acs-content-sha256", String(repeating: "0", count: 64)) }),
            ("SignatureDoesNotMatch", { $0.body = Array("x".utf8) }),
            ("SignatureDoesNotMatch", { $0.query += "&From=Mallory" }),
            ("SignatureDoesNotMatch", { $0.query = $0.query.replacing("6591234567", with: "6591234568") }),
            ("SignatureDoesNotMatch", { $0.set("host", "dysmsapi.aliyuncs.com") }),
        ]
        for (code, spoil) in cases {
            #expect(try await Self.send(spoil: spoil).code == code)
        }
    }

    @Test func aSpaceCanBeEncodedAsPlus() async throws {
        let response = try await Self.send { $0.query = $0.query.replacing("%20", with: "+") }
        #expect(response.code == "OK")
    }

    @Test func parametersCanBeSentAsAForm() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator in
            let response = try await SpoilableRequest(to: emulator, asForm: true).send(to: emulator)
            #expect(response.code == "OK")
            var spoiled = try SpoilableRequest(to: emulator, asForm: true)
            spoiled.body += Array("&From=Mallory".utf8)
            #expect(try await spoiled.send(to: emulator).code == "SignatureDoesNotMatch")
        }
    }

    @Test func onlyAValidSignatureUsesUpANonce() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator in
            var forged = try SpoilableRequest(to: emulator, nonce: "n-1")
            forged.query += "&From=Mallory"
            #expect(try await forged.send(to: emulator).code == "SignatureDoesNotMatch")
            let request = try SpoilableRequest(to: emulator, nonce: "n-1")
            #expect(try await request.send(to: emulator).code == "OK")
            #expect(try await request.send(to: emulator).code == "SignatureNonceUsed")
            #expect(await emulator.inbox.messages().count == 1)
        }
    }

    @Test func ofManyConcurrentCopiesOneIsAccepted() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator in
            let request = try SpoilableRequest(to: emulator)
            let codes = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<20 {
                    let (url, headers) = (
                        "\(emulator.baseURL)/?\(request.query)", request.headers.map { ($0.name, $0.value) }
                    )
                    group.addTask { try await fetch(url, method: .POST, headers: .init(headers)).code }
                }
                return try await group.reduce(into: [String?]()) { $0.append($1) }
            }
            #expect(codes.count { $0 == "OK" } == 1)
            #expect(codes.count { $0 == "SignatureNonceUsed" } == 19)
        }
    }

    @Test func theRPCSignatureIsAccepted() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator in
            func target(secret: String, nonce: String, action: String = "SendMessageToGlobe") -> String {
                var parameters = [
                    ("Action", action), ("Version", "2018-05-01"), ("AccessKeyId", "LTAI-test"),
                    ("Timestamp", SignatureDate.format(Date())), ("SignatureNonce", nonce),
                    ("SignatureMethod", "HMAC-SHA1"),
                    ("SignatureVersion", "1.0"), ("To", "6591234567"), ("Message", "Your code is 123456"),
                ]
                .map { RequestParameter($0.0, $0.1) }
                let signature = RPCSignature(method: "POST", parameters: parameters).signature(secret: secret)
                parameters.append(RequestParameter("Signature", signature))
                return "\(emulator.baseURL)/?\(parameters.canonicalQuery)"
            }
            let good = target(secret: secret, nonce: "1")
            let first = try await fetch(good, method: .POST)
            #expect(first.code == "OK")
            #expect(try await fetch(good, method: .POST).code == "SignatureNonceUsed")
            let bad = target(secret: "other", nonce: "2")
            #expect(try await fetch(bad, method: .POST).code == "SignatureDoesNotMatch")
            // The RPC signature does not include headers, so the gateway must ignore them.
            let headers: HTTPHeaders = ["x-acs-action": "SendMessageToGlobe", "x-acs-version": "2018-05-01"]
            let other = target(secret: secret, nonce: "3", action: "QueryMessages")
            #expect(try await fetch(other, method: .POST, headers: headers).code == "InvalidAction.NotFound")
            let more: HTTPHeaders = ["x-acs-action": "QueryMessage", "x-acs-version": "2017-01-01"]
            let unmoved = target(secret: secret, nonce: "4")
            #expect(try await fetch(unmoved, method: .POST, headers: more).code == "OK")
        }
    }

    @Test(
        arguments: [
            ([("Message", "x")], 400, "MissingTo"),
            ([("To", "6591234567")], 400, "MissingMessage"),
            ([("To", "6591234567"), ("To", "6591234568"), ("Message", "x")], 400, "InvalidParameter"),
            ([("To", "+6591234567"), ("Message", "x")], 200, "MOBILE_NUMBER_ILLEGAL"),
            ([("To", "0591234567"), ("Message", "x")], 200, "MOBILE_NUMBER_ILLEGAL"),
            ([("To", "65"), ("Message", "x")], 200, "MOBILE_NUMBER_ILLEGAL"),
            ([("To", "65912three4"), ("Message", "x")], 200, "MOBILE_NUMBER_ILLEGAL"),
            ([("To", "8613800000000"), ("Message", "x")], 200, "NOT_SUPPORTED_COUNTRY"),
            ([("To", "6591234567"), ("Message", " ")], 200, "INVALID_PARAMETERS"),
            ([("To", "6591234567"), ("Message", String(repeating: "x", count: 2001))], 200, "CONTENT_EXCEED_LIMIT"),
            ([("To", "6591234567"), ("Message", "x"), ("From", "no!")], 200, "INVALID_SENDERID"),
            ([("To", "6591234567"), ("Message", "x"), ("Type", "SPAM")], 200, "INVALID_PARAMETERS"),
            ([("To", "6591234567"), ("Message", "x"), ("TaskId", "")], 200, "INVALID_PARAMETERS"),
            ([("To", "6591234567"), ("Message", "x"), ("ValidityPeriod", "0")], 200, "INVALID_PARAMETERS"),
            ([("To", "6591234567"), ("Message", "x"), ("ValidityPeriod", "soon")], 200, "INVALID_PARAMETERS"),
        ] as [([(String, String)], Int, String)]
    )
    func theServiceRejectsInvalidParametersWithItsCodes(parameters: [(String, String)], status: Int, code: String)
        async throws
    {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator in
            let response = try await SpoilableRequest(to: emulator, parameters: parameters).send(to: emulator)
            #expect(response.status == status)
            #expect(response.code == code)
            #expect(await emulator.inbox.messages().isEmpty)
        }
    }

    @Test func aNonceCanBeReusedOnlyAfterItHasExpired() {
        let memory = NonceCache()
        let start = Date(timeIntervalSince1970: 1_800_000_000)
        #expect(memory.insert("n", of: "k", at: start))
        #expect(!memory.insert("n", of: "k", at: start.addingTimeInterval(1799)))
        #expect(memory.insert("n", of: "other", at: start))
        #expect(memory.insert("n", of: "k", at: start.addingTimeInterval(1801)))
    }

    @Test func theNonceCacheIsBoundedAndDropsTheOldestNonces() {
        let memory = NonceCache(capacity: 100)
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        for number in 0..<1000 {
            #expect(memory.insert("\(number)", of: "k", at: now))
            #expect(memory.count <= 100)
        }
        for number in 950..<1000 { #expect(memory.contains("\(number)", of: "k", at: now)) }
        #expect(!memory.contains("0", of: "k", at: now))
    }

    @Test func expiredNoncesAreDropped() {
        let memory = NonceCache()
        let start = Date(timeIntervalSince1970: 1_800_000_000)
        for number in 0..<100 { #expect(memory.insert("\(number)", of: "k", at: start)) }
        #expect(memory.insert("a", of: "k", at: start.addingTimeInterval(1801)))
        #expect(memory.insert("b", of: "k", at: start.addingTimeInterval(3602)))
        #expect(memory.count == 2)
    }
}
