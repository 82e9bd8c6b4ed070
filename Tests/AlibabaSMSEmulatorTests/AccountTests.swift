// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import JSONOutput
import NIOHTTP1
import SMSKit
import Testing

@testable import AlibabaSMSEmulator

/// Tests of the permissions, request rates, balance and daily limits of an account.
@Suite struct AccountTests {
    static let number = "6591234567"

    static func user(_ policies: [AccessPolicy]) throws -> RAMUser {
        RAMUser(name: "alice", credential: try key(), policies: policies)
    }

    @Test func everyActionRequiresItsPermission() async throws {
        for action in GatewayActions.all {
            let others = AccessPolicy(
                name: "all but one",
                allowedActions: GatewayActions.all.map(\.permission).filter { $0 != "dysms:\(action.name)" }
            )
            try await SMSGatewayEmulator.withServer(.init(users: [try Self.user([others])])) { emulator in
                for other in GatewayActions.all {
                    let response = try await SpoilableRequest(to: emulator, action: other.name, parameters: [])
                        .send(to: emulator)
                    if other.name == action.name {
                        #expect(response.status == 403)
                        #expect(response.code == "NoPermission")
                    } else {
                        // The emulator checks the permission before the parameters.
                        #expect(response.code == "Missing\(other.requiredParameters[0])")
                    }
                }
            }
        }
    }

    @Test func accessDeniedDetailNamesActionPrincipalAndReason() async throws {
        let deny = AccessPolicy(name: "deny", allowedActions: ["*"], deniedActions: ["dysms:SendMessageToGlobe"])
        for (policies, type) in [([AccessPolicy.dysmsReadOnlyAccess], "ImplicitDeny"), ([deny], "ExplicitDeny")] {
            try await SMSGatewayEmulator.withServer(.init(users: [try Self.user(policies)])) { emulator in
                let response = try await SpoilableRequest(to: emulator).send(to: emulator)
                #expect(response.status == 403)
                let detail = try #require(response.json["AccessDeniedDetail"] as? [String: String])
                #expect(detail["AuthAction"] == "dysms:SendMessageToGlobe")
                #expect(detail["AuthPrincipalType"] == "SubUser")
                #expect(detail["AuthPrincipalDisplayName"] == "alice")
                #expect(detail["NoPermissionType"] == type)
                #expect(detail["PolicyType"] == "AccountLevelIdentityBasedPolicy")
                #expect(await emulator.inbox.messages().isEmpty)
            }
        }
    }

    @Test func accessDeniedDetailNamesTheAssumedRole() throws {
        let key = AccessKey(
            credential: try key(),
            principal: .role(name: "sender", session: "s-1"),
            policies: [.dysmsFullAccess],
            sessionPolicy: .dysmsReadOnlyAccess
        )
        let denial = AccessDenial(key, action: "dysms:SendMessageToGlobe")
        #expect(denial.principalType == "AssumedRoleUser")
        #expect(denial.principalName == "sender:s-1")
        #expect(denial.noPermissionType == "ImplicitDeny")
        #expect(denial.policyType == "AssumeRolePolicy")
    }

    @Test func permissionDenialCanComeFromTheService() async throws {
        let configuration = SMSGatewayEmulator.Configuration(
            users: [try Self.user([])],
            account: .init(permissionDenial: .service)
        )
        try await SMSGatewayEmulator.withServer(configuration) { emulator in
            let response = try await SpoilableRequest(to: emulator).send(to: emulator)
            #expect(response.status == 200)
            #expect(response.json["ResponseCode"] as? String == "RAM_PERMISSION_DENY")
        }
    }

    @Test func requestsPerSecondAreCountedByAction() {
        let rates = RequestRates(["SendMessageToGlobe": 3])
        let start = Date(timeIntervalSince1970: 1_800_000_000.25)
        for _ in 0..<3 { #expect(rates.take("SendMessageToGlobe", at: start) == nil) }
        #expect(rates.take("SendMessageToGlobe", at: start) == 750)
        #expect(rates.take("BatchSendMessageToGlobe", at: start) == nil)
        #expect(rates.take("BatchSendMessageToGlobe", at: start) == 750)
        for _ in 0..<5000 { #expect(rates.take("SmsConversion", at: start) == nil) }
        #expect(rates.take("SendMessageToGlobe", at: start.addingTimeInterval(0.74)) != nil)
        #expect(rates.take("SendMessageToGlobe", at: start.addingTimeInterval(0.75)) == nil)
    }

    @Test func throttlingResponseHasRetryAfter() async throws {
        // With a fixed clock, all requests are in one window.
        let now = Date()
        let configuration = SMSGatewayEmulator.Configuration(
            accessKeys: [try key()],
            account: .init(requestsPerSecond: ["SendMessageToGlobe": 2]),
            now: { now }
        )
        try await SMSGatewayEmulator.withServer(configuration) { emulator in
            for code in ["OK", "OK", "Throttling.User"] {
                let response = try await SpoilableRequest(to: emulator).send(to: emulator)
                #expect(response.code == code)
                #expect(response.status == (code == "OK" ? 200 : 400))
                let wait = response.headers.first(name: "x-acs-retry-after").flatMap { Int($0) }
                #expect((code == "OK") == (wait == nil))
                if let wait { #expect((1...1000).contains(wait)) }
            }
            #expect(await emulator.inbox.messages().count == 2)
        }
    }

    @Test func exhaustedBalanceRejectsMessages() async throws {
        let account = AccountSettings(balanceMicros: 250_000, prices: PriceList(micros: [:], otherMicros: 100_000))
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()], account: account)) { emulator in
            for code in ["OK", "OK", "AMOUNT_NOT_ENOUGH"] {
                let response = try await SpoilableRequest(to: emulator).send(to: emulator)
                #expect(response.code == code)
            }
            #expect(await emulator.inbox.messages().map(\.costMicros) == [100_000, 100_000])
        }
    }

    @Test func everySegmentIsBilled() async throws {
        let number = try #require(PhoneNumber(e164: "+\(Self.number)"))
        let account = Account(.init(prices: PriceList(micros: [.singapore: 7], otherMicros: 1)))
        #expect(try account.bill(number, segments: 3, at: Date()) == 21)
        #expect(account.balanceMicros == nil)
    }

    @Test func dailyLimitResetsAtMidnightInSingapore() throws {
        let number = try #require(PhoneNumber(e164: "+\(Self.number)"))
        let other = try #require(PhoneNumber(e164: "+6591234568"))
        let account = Account(.init(messagesPerNumberAndDay: 2))
        // 15:59:59 UTC is one second before midnight in UTC+8.
        let evening = try #require(Date(rfc3339: "2026-11-25T15:59:59Z"))
        for _ in 0..<2 { #expect(throws: Never.self) { try account.bill(number, segments: 1, at: evening) } }
        #expect(throws: ServiceError("ALERT_LIMIT_DAY", "The daily limit of the number is reached.")) {
            try account.bill(number, segments: 1, at: evening)
        }
        #expect(throws: Never.self) { try account.bill(other, segments: 1, at: evening) }
        #expect(account.numberCount == 2)
        #expect(throws: Never.self) { try account.bill(number, segments: 1, at: evening.addingTimeInterval(1)) }
        #expect(account.numberCount == 1)
    }

    @Test func byDefaultTheDailyLimitIsUnlimited() throws {
        let number = try #require(PhoneNumber(e164: "+\(Self.number)"))
        let account = Account(.init())
        for _ in 0..<1000 { #expect(throws: Never.self) { try account.bill(number, segments: 1, at: Date()) } }
        #expect(account.numberCount == 0)
    }

    @Test func onlyApprovedSenderIDsAreAccepted() async throws {
        let account = AccountSettings(senderIDs: ["Shop"])
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()], account: account)) { emulator in
            for (from, code) in [("Shop", "OK"), ("shop", "INVALID_SENDERID"), ("Other", "INVALID_SENDERID")] {
                let parameters = ActionTests.globe + [("From", from)]
                let response = try await SpoilableRequest(to: emulator, parameters: parameters).send(to: emulator)
                #expect(response.code == code)
            }
        }
    }

    @Test func olderSignatureCanBeDisabled() async throws {
        let configuration = SMSGatewayEmulator.Configuration(
            accessKeys: [try key()],
            gateway: .init(acceptsRPCSignature: false)
        )
        try await SMSGatewayEmulator.withServer(configuration) { emulator in
            let query = """
                Action=SendMessageToGlobe&Version=2018-05-01&AccessKeyId=LTAI-test&SignatureMethod=HMAC-SHA1\
                &SignatureVersion=1.0&Signature=x
                """
            let response = try await fetch("\(emulator.baseURL)/?\(query)", method: .POST)
            #expect(response.code == "InvalidSignatureMethod")
            #expect(try await SpoilableRequest(to: emulator).send(to: emulator).code == "OK")
        }
    }

    @Test func urlLengthCanBeLimited() async throws {
        let configuration = SMSGatewayEmulator.Configuration(
            accessKeys: [try key()],
            gateway: .init(maximumTargetLength: 1000)
        )
        let long = [("To", "6591234567"), ("Message", String(repeating: "x", count: 1000))]
        try await SMSGatewayEmulator.withServer(configuration) { emulator in
            #expect(try await SpoilableRequest(to: emulator, parameters: long).send(to: emulator).status == 414)
            let form = try await SpoilableRequest(to: emulator, parameters: long, asForm: true).send(to: emulator)
            #expect(form.code == "OK")
        }
    }

    @Test func acceptAnyModeAcceptsUnsignedRequests() async throws {
        try await SMSGatewayEmulator.withServer(.init(gateway: .init(acceptsAnyRequest: true))) { emulator in
            #expect(try await SpoilableRequest(to: emulator).send(to: emulator).code == "OK")
            let query = "Action=SendMessageToGlobe&To=6591234567&Message=Hi"
            #expect(try await fetch("\(emulator.baseURL)/?\(query)", method: .POST).code == "OK")
            let missing = try await fetch("\(emulator.baseURL)/?Action=SendMessageToGlobe&To=1", method: .POST)
            #expect(missing.code == "MissingMessage")
            #expect(await emulator.inbox.messages().count == 2)
        }
    }
}
