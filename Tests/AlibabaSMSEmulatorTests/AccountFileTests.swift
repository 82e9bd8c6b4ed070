// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import SMSKit
import Testing

@testable import AlibabaSMSEmulator

@Suite struct AccountFileTests {
    private static let whole = """
        {
          "policies": {
            "send-only": {
              "Version": "1",
              "Statement": [
                {"Effect": "Allow", "Action": "dysms:*", "Resource": "*"},
                {"Effect": "Deny", "Action": ["dysms:Query*"]}
              ]
            }
          },
          "users": [
            {"name": "app", "accessKeyId": "LTAI-app", "accessKeySecret": "s3cret", "policies": ["send-only"]},
            {"name": "old", "accessKeyId": "LTAI-old", "accessKeySecret": "s3cret", "active": false},
            {"name": "sts", "accessKeyId": "LTAI-sts", "accessKeySecret": "s3cret", "securityToken": "a+b/c==",
             "policies": ["AliyunSTSAssumeRoleAccess", "AliyunDysmsReadOnlyAccess"]}
          ],
          "roles": [{"name": "sender", "policies": ["send-only"]}, {"name": "none"}],
          "instanceRole": "sender",
          "signatures": ["网店"],
          "templates": [{"code": "SMS_1", "content": "Code ${code}"}, {"code": "SMS_2"}],
          "senderIds": ["swiftotp"],
          "prices": {"SG": 0.045, "CN": "0.008", "other": 0.06},
          "balance": "1.50",
          "messagesPerNumberAndDay": 20,
          "requestsPerSecond": {"SendMessageToGlobe": 5}
        }
        """

    @Test func everyMemberIsDecoded() throws {
        let file = try AccountFile(json: Self.whole.utf8)
        #expect(file.users.map(\.name) == ["app", "old", "sts"])
        #expect(file.users.map(\.isActive) == [true, false, true])
        #expect(file.users.map(\.credential.accessKeyID) == ["LTAI-app", "LTAI-old", "LTAI-sts"])
        #expect(file.users[2].credential.securityToken == "a+b/c==")
        #expect(
            file.users[0].policies == [
                AccessPolicy(name: "send-only", allowedActions: ["dysms:*"], deniedActions: ["dysms:Query*"])
            ]
        )
        #expect(file.users[2].policies == [.stsAssumeRoleAccess, .dysmsReadOnlyAccess])
        #expect(file.roles.map(\.name) == ["sender", "none"])
        #expect(file.instanceRole?.name == "sender")
        #expect(file.settings.signatures == ["网店"])
        #expect(
            file.settings.templates == [
                SMSTemplate(code: "SMS_1", content: "Code ${code}"), SMSTemplate(code: "SMS_2"),
            ]
        )
        #expect(file.settings.senderIDs == ["swiftotp"])
        #expect(
            file.settings.prices == PriceList(micros: [.singapore: 45_000, .mainlandChina: 8000], otherMicros: 60_000)
        )
        #expect(file.settings.balanceMicros == 1_500_000)
        #expect(file.settings.messagesPerNumberAndDay == 20)
        #expect(file.settings.requestsPerSecond == ["SendMessageToGlobe": 5])
    }

    @Test func emptyFileKeepsTheDefaults() throws {
        var configuration = SMSGatewayEmulator.Configuration()
        try AccountFile(json: Array("{}".utf8)).apply(to: &configuration)
        #expect(configuration.users.isEmpty && configuration.roles.isEmpty)
        #expect(configuration.instanceRole.name == "emulated")
        #expect(configuration.account.prices == .samples)
        #expect(configuration.account.templates == nil && configuration.account.signatures == nil)
    }

    @Test func emulatorAppliesTheFile() async throws {
        var configuration = SMSGatewayEmulator.Configuration()
        try AccountFile(json: Self.whole.utf8).apply(to: &configuration)
        try await SMSGatewayEmulator.withServer(configuration) { emulator async throws in
            func send(_ id: String, _ change: (inout CarelessSigner) -> Void = { _ in }) async throws -> String? {
                var signer = CarelessSigner()
                signer.id = id
                change(&signer)
                return try await signer.v3(emulator).send(to: emulator).code
            }
            #expect(try await send("LTAI-app") == "OK")
            #expect(await emulator.inbox.messages().first?.costMicros == 45_000)
            #expect(try await send("LTAI-old") == "InvalidAccessKeyId.Inactive")
            #expect(try await send("LTAI-sts") == "MissingSecurityToken")
            #expect(try await send("LTAI-sts") { $0.token = "a+b/c==" } == "NoPermission")
            #expect(try await send("LTAI-app") { $0.parameters[2] = ("From", "other") } == "INVALID_SENDERID")
            #expect(try await fetch("\(emulator.baseURL)/latest/meta-data/ram/security-credentials").text == "sender")
        }
    }

    @Test(arguments: [("sender", "OK"), ("none", "NoPermission")])
    func aRoleOfTheFileMaySendWhatItsPoliciesSay(role: String, code: String) async throws {
        var configuration = try SecurityTokenTests.configuration()
        try AccountFile(json: Self.whole.utf8).apply(to: &configuration)
        try await SMSGatewayEmulator.withServer(configuration) { emulator async throws in
            let parameters = SecurityTokenTests.changed(
                SecurityTokenTests.assumeRole,
                [
                    ("RoleArn", "acs:ram::1234567890123456:role/\(role)"), ("AccessKeyId", "LTAI-sts"),
                    ("SecurityToken", "a+b/c=="),
                ]
            )
            let call = SecurityTokenTests.signed(parameters, secret: "s3cret")
            let credential = try SecurityTokenTests.credential(in: try await fetch("\(emulator.baseURL)\(call)"))
            #expect(try await SecurityTokenTests.send(with: credential, to: emulator) == code)
        }
    }

    @Test(
        arguments: [
            ("", "the file is not JSON"), ("[]", "is not an object"), ("{", "the file is not JSON"),
            (#"{"user": []}"#, "user is not known here"), (#"{"users": {}}"#, "users is not an array"),
            (#"{"users": [], "users": []}"#, "duplicate"), (#"{"users": [1]}"#, "users[0] is not an object"),
            (#"{"users": [{"name": "a"}]}"#, "users[0].accessKeyId is missing"),
            (
                #"{"users": [{"name": "a", "accessKeyId": "i", "accessKeySecret": 5}]}"#,
                "users[0].accessKeySecret is not a string"
            ),
            (
                #"{"users": [{"name": "a", "accessKeyId": "i i", "accessKeySecret": "s"}]}"#,
                "users[0].accessKeyId contains invalid characters"
            ),
            (
                #"{"users": [{"name": "a", "accessKeyId": "i", "accessKeySecret": "s s"}]}"#,
                "users[0].accessKeySecret contains invalid characters"
            ),
            (
                #"{"users": [{"name": "a", "accessKeyId": "i", "accessKeySecret": "s", "secret": "x"}]}"#,
                "users[0].secret is not known here"
            ),
            (
                #"{"users": [{"name": "a", "accessKeyId": "i", "accessKeySecret": "s", "policies": ["x"]}]}"#,
                "users[0].policies[0] is not a known policy"
            ),
            (
                #"{"users": [{"name": "a", "accessKeyId": "i", "accessKeySecret": "s", "policies": [1]}]}"#,
                "users[0].policies[0] is not a string"
            ),
            (
                #"{"users": [{"name": "a", "accessKeyId": "i", "accessKeySecret": "s"}, {"name": "b", "accessKeyId": "i", "accessKeySecret": "t"}]}"#,
                "users[1].accessKeyId is already used by an earlier entry"
            ),
            (#"{"roles": [{"name": "R"}, {"name": "r"}]}"#, "roles[1].name is already used by an earlier entry"),
            (#"{"roles": [{"name": "r", "policies": ["x"]}]}"#, "roles[0].policies[0] is not a known policy"),
            (#"{"instanceRole": "x"}"#, "instanceRole is not in the list of roles"),
            (
                #"{"policies": {"p": {"Statement": [{"Effect": "Maybe", "Action": "x"}]}}}"#,
                "policies.p.Statement[0].Effect must be"
            ),
            (
                #"{"policies": {"p": {"Statement": [{"Effect": "Allow"}]}}}"#,
                "policies.p.Statement[0].Action is missing"
            ),
            (
                #"{"policies": {"p": {"Statement": [{"Effect": "Allow", "Action": "x", "Condition": {}}]}}}"#,
                "policies.p.Statement[0].Condition is not known"
            ),
            (#"{"policies": {"p": {"Version": "2", "Statement": []}}}"#, "policies.p.Version must be"),
            (#"{"policies": {"p": {}}}"#, "policies.p.Statement is missing"),
            (#"{"policies": {"AdministratorAccess": {"Statement": []}}}"#, "policies.AdministratorAccess has the name"),
            (#"{"templates": [{"code": "SMS_1"}, {"code": "X_123"}]}"#, "templates[1].code is not SMS_"),
            (
                #"{"templates": [{"code": "SMS_1"}, {"code": "SMS_1"}]}"#,
                "templates[1].code is already used by an earlier"
            ),
            (#"{"templates": ["SMS_1"]}"#, "templates[0] is not an object"),
            (#"{"signatures": ["a", " "]}"#, "signatures[1] must have"),
            (#"{"signatures": "a"}"#, "signatures is not an array"),
            (#"{"senderIds": ["ok", "no!"]}"#, "senderIds[1] is not a sender ID"),
            (#"{"prices": {"SG": 1}}"#, "prices.other is missing"),
            (#"{"prices": {"S1": 1, "other": 1}}"#, "prices.S1 is not an ISO 3166-1 region"),
            (#"{"prices": {"SG": 1, "sg": 1, "other": 1}}"#, "sets the price of a region twice"),
            (#"{"prices": {"SG": -1, "other": 1}}"#, "prices.SG must be"),
            (#"{"prices": {"SG": "1,5", "other": 1}}"#, "prices.SG must be"),
            (#"{"prices": {"SG": 0.0000001, "other": 1}}"#, "prices.SG must be"),
            (#"{"prices": {"SG": null, "other": 1}}"#, "prices.SG"),
            (#"{"balance": 1e400}"#, "balance"), (#"{"balance": true}"#, "balance is not a number"),
            (#"{"messagesPerNumberAndDay": -1}"#, "messagesPerNumberAndDay must be"),
            (#"{"requestsPerSecond": {"Send": 1}}"#, "requestsPerSecond.Send is not a known action"),
            (#"{"requestsPerSecond": {"QueryMessage": -1}}"#, "requestsPerSecond.QueryMessage must be"),
        ]
    )
    func errorNamesThePathOfTheInvalidMember(json: String, fault: String) {
        let error = #expect(throws: AccountFile.InvalidJSON.self) { try AccountFile(json: json.utf8) }
        #expect(error?.description.contains(fault) == true, "\(error?.description ?? "no error")")
    }

    @Test func errorsDoNotQuoteSecrets() {
        let json = #"{"users": [{"name": "a", "accessKeyId": "key id", "accessKeySecret": "top secret"}]}"#
        let error = #expect(throws: AccountFile.InvalidJSON.self) { try AccountFile(json: json.utf8) }
        #expect(error.map { !$0.description.contains("top") && !$0.description.contains("key id") } == true)
    }
}
