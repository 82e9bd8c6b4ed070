// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import NIOHTTP1
import Synchronization
import Testing

@testable import AlibabaSMSEmulator

/// Tests of STS with the requests of Alibaba's programs, and with invalid requests.
@Suite struct SecurityTokenTests {
    static let role = "acs:ram::1234567890123456:role/sender"
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    static let assumeRole = [
        ("Action", "AssumeRole"), ("Format", "JSON"), ("Version", "2015-04-01"), ("DurationSeconds", "3600"),
        ("RoleArn", role), ("RoleSessionName", "me"), ("SignatureMethod", "HMAC-SHA1"), ("SignatureVersion", "1.0"),
        ("Timestamp", "2027-01-15T08:00:00Z"), ("SignatureNonce", "n-1"), ("AccessKeyId", "LTAI-test"),
    ]

    /// Returns changed parameters.
    ///
    /// A change adds or replaces a parameter. The value `nil` removes the parameter.
    static func changed(_ parameters: [(String, String)], _ changes: [(String, String?)]) -> [(String, String)] {
        let kept = parameters.filter { parameter in !changes.contains { $0.0 == parameter.0 } }
        return kept + changes.compactMap { change in change.1.map { (change.0, $0) } }
    }

    /// Returns the URL of a request with an RPC signature.
    static func signed(_ parameters: [(String, String)], secret: String = secret) -> String {
        let parameters = parameters.map { RequestParameter($0.0, $0.1) }
        let signature = RPCSignature(method: "GET", parameters: parameters).signature(secret: secret)
        return "/?\((parameters + [RequestParameter("Signature", signature)]).canonicalQuery)"
    }

    static func configuration(users: [RAMUser] = [], roles: [RAMRole] = []) throws -> SMSGatewayEmulator.Configuration {
        .init(accessKeys: users.isEmpty ? [try key()] : [], users: users, roles: roles, now: { now })
    }

    static func credential(in response: ReceivedResponse) throws -> AlibabaCredential {
        let fields = try #require(response.json["Credentials"] as? [String: String], "\(response.text)")
        return try AlibabaCredential(
            accessKeyID: fields["AccessKeyId"] ?? "",
            accessKeySecret: fields["AccessKeySecret"] ?? "",
            securityToken: fields["SecurityToken"]
        )
    }

    /// Sends a message, and returns the code in the response.
    static func send(
        with credential: AlibabaCredential,
        to emulator: SMSGatewayEmulator.Server,
        at date: Date = now
    ) async throws -> String? {
        let parameters = [RequestParameter("To", "6591234567"), RequestParameter("Message", "x")]
        let request = RequestSigner.Request(
            host: "127.0.0.1:\(emulator.port)",
            action: "SendMessageToGlobe",
            query: parameters
        )
        let headers = RequestSigner(credential: credential).headers(for: request, date: date, nonce: UUID().uuidString)
        return try await fetch(
            "\(emulator.baseURL)/?\(parameters.canonicalQuery)",
            method: .POST,
            headers: HTTPHeaders(headers.map { ($0.name, $0.value) })
        )
        .code
    }

    @Test func olderSignatureObtainsATokenThatTheGatewayAccepts() async throws {
        try await SMSGatewayEmulator.withServer(try Self.configuration()) { emulator in
            let response = try await fetch(emulator.baseURL + Self.signed(Self.assumeRole))
            #expect(response.status == 200)
            let user = response.json["AssumedRoleUser"] as? [String: String]
            #expect(user?["Arn"] == "acs:ram::1234567890123456:assumed-role/sender/me")
            let fields = response.json["Credentials"] as? [String: String]
            #expect(fields?["Expiration"] == "2027-01-15T09:00:00Z")
            #expect(response.headers.first(name: "x-acs-request-id") == response.json["RequestId"] as? String)
            #expect(response.headers.first(name: "cache-control") == "no-store")
            #expect(try await Self.send(with: try Self.credential(in: response), to: emulator) == "OK")
            #expect(emulator.issuedCredentialCount == 1)
            #expect(try await fetch(emulator.baseURL + Self.signed(Self.assumeRole)).code == "SignatureNonceUsed")
        }
    }

    @Test(
        arguments: [
            ([("Signature", "AAAA")], 400, "SignatureDoesNotMatch"),
            ([("RoleArn", nil)], 400, "MissingRoleArn"),
            ([("RoleSessionName", nil)], 400, "MissingRoleSessionName"),
            ([("RoleArn", "acs:ram::1:user/u")], 400, "InvalidParameter.RoleArn"),
            ([("RoleArn", "acs:ram::1:role/")], 400, "InvalidParameter.RoleArn"),
            ([("RoleSessionName", "x")], 400, "InvalidParameter.RoleSessionName"),
            ([("RoleSessionName", "a b")], 400, "InvalidParameter.RoleSessionName"),
            ([("DurationSeconds", "899")], 400, "InvalidParameter.DurationSeconds"),
            ([("DurationSeconds", "43201")], 400, "InvalidParameter.DurationSeconds"),
            ([("DurationSeconds", "soon")], 400, "InvalidParameter.DurationSeconds"),
            ([("Policy", "{}")], 400, "InvalidParameter.PolicyGrammar"),
            ([("RoleArn", "acs:ram::1:role/unknown")], 404, "EntityNotExist.Role"),
            ([("AccessKeyId", "LTAI-other")], 404, "InvalidAccessKeyId.NotFound"),
            ([("Timestamp", "2027-01-15T08:15:01Z")], 400, "InvalidTimeStamp.Expired"),
            ([("SignatureMethod", "HMAC-MD5")], 400, "InvalidSignatureMethod"),
            ([("Action", "GetCallerIdentity")], 404, "InvalidAction.NotFound"),
            ([("Version", "2014-01-01")], 400, "InvalidVersion"),
        ] as [([(String, String?)], Int, String)]
    )
    func invalidParameterIsRejectedWithItsCode(changes: [(String, String?)], status: Int, code: String) async throws {
        let configuration = try Self.configuration(roles: [RAMRole(name: "sender", policies: [.dysmsFullAccess])])
        try await SMSGatewayEmulator.withServer(configuration) { emulator in
            let isSpoiled = changes[0].0 == "Signature"
            let parameters = Self.changed(Self.assumeRole, isSpoiled ? [] : changes)
            let target = isSpoiled ? Self.signed(parameters, secret: "other") : Self.signed(parameters)
            let response = try await fetch(emulator.baseURL + target)
            #expect(response.status == status)
            #expect(response.code == code)
            #expect(Set(response.json.keys) == ["RequestId", "HostId", "Code", "Message", "Recommend"])
            #expect(emulator.issuedCredentialCount == 0)
        }
    }

    @Test func assumingARoleRequiresPermission() async throws {
        for (policies, code) in [([.stsAssumeRoleAccess], nil), ([.dysmsFullAccess], "NoPermission")]
            as [([AccessPolicy], String?)]
        {
            let user = RAMUser(name: "u", credential: try key(), policies: policies)
            try await SMSGatewayEmulator.withServer(try Self.configuration(users: [user])) { emulator in
                let response = try await fetch(emulator.baseURL + Self.signed(Self.assumeRole))
                #expect(response.code == code)
            }
        }
    }

    @Test func thirdSignatureMethodIsAccepted() async throws {
        try await SMSGatewayEmulator.withServer(try Self.configuration()) { emulator in
            func response(spoiled: Bool) async throws -> ReceivedResponse {
                var request = try SpoilableRequest(
                    to: emulator,
                    action: "AssumeRole",
                    version: "2015-04-01",
                    parameters: [("RoleArn", Self.role), ("RoleSessionName", "me")],
                    date: Self.now
                )
                if spoiled { request.query = request.query.replacing("sender", with: "admin") }
                return try await request.send(to: emulator)
            }
            let credential = try Self.credential(in: try await response(spoiled: false))
            #expect(try await Self.send(with: credential, to: emulator) == "OK")
            #expect(try await response(spoiled: true).code == "SignatureDoesNotMatch")
        }
    }

    @Test func expiredTokenIsRejectedAsExpired() async throws {
        let time = Mutex(Self.now)
        let configuration = SMSGatewayEmulator.Configuration(accessKeys: [try key()], now: { time.withLock { $0 } })
        try await SMSGatewayEmulator.withServer(configuration) { emulator in
            let response = try await fetch(emulator.baseURL + Self.signed(Self.assumeRole))
            let credential = try Self.credential(in: response)
            for (seconds, code) in [(3599.0, "OK"), (3600, "InvalidSecurityToken.Expired")] {
                time.withLock { $0 = Self.now + seconds }
                #expect(try await Self.send(with: credential, to: emulator, at: Self.now + seconds) == code)
            }
        }
    }

    @Test func tokenIsAcceptedOnlyWithItsOwnKey() async throws {
        try await SMSGatewayEmulator.withServer(try Self.configuration()) { emulator in
            var credentials: [AlibabaCredential] = []
            for nonce in ["1", "2"] {
                let parameters = Self.changed(Self.assumeRole, [("SignatureNonce", nonce)])
                credentials.append(
                    try Self.credential(in: try await fetch(emulator.baseURL + Self.signed(parameters)))
                )
            }
            func mixed(token: String?) throws -> AlibabaCredential {
                try AlibabaCredential(
                    accessKeyID: credentials[0].accessKeyID,
                    accessKeySecret: credentials[0].accessKeySecret,
                    securityToken: token
                )
            }
            let other = try mixed(token: credentials[1].securityToken)
            #expect(try await Self.send(with: other, to: emulator) == "InvalidSecurityToken.MismatchWithAccessKey")
            #expect(try await Self.send(with: try mixed(token: nil), to: emulator) == "MissingSecurityToken")
        }
    }

    static func oidc(_ token: String, _ changes: [(String, String?)] = []) -> [RequestParameter] {
        let parameters = [
            ("Action", "AssumeRoleWithOIDC"), ("Version", "2015-04-01"), ("RoleArn", role), ("RoleSessionName", "me"),
            ("OIDCProviderArn", "acs:ram::1:oidc-provider/p"), ("OIDCToken", token),
        ]
        return Self.changed(parameters, changes).map { RequestParameter($0.0, $0.1) }
    }

    static func token(_ claims: String) -> String {
        ["{}", claims, "signature"]
            .map { part in
                Data(part.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
                    .replacing("=", with: "")
            }
            .joined(separator: ".")
    }

    static let goodToken = token(#"{"iss":"https://k","sub":"s","aud":"sts","exp":1800000001}"#)

    @Test func oidcTokenObtainsARoleByQueryAndByForm() async throws {
        try await SMSGatewayEmulator.withServer(try Self.configuration()) { emulator in
            let parameters = Self.oidc(Self.goodToken)
            let byQuery = try await fetch("\(emulator.baseURL)/?\(parameters.canonicalQuery)")
            let info = byQuery.json["OIDCTokenInfo"] as? [String: String]
            #expect(info == ["Issuer": "https://k", "Subject": "s", "ClientIds": "sts"])
            let byForm = try await fetch(
                "\(emulator.baseURL)/?\(Array(parameters[..<2]).canonicalQuery)",
                method: .POST,
                headers: ["content-type": "application/x-www-form-urlencoded"],
                body: Array(Array(parameters[2...]).canonicalQuery.utf8)
            )
            for response in [byQuery, byForm] {
                #expect(try await Self.send(with: try Self.credential(in: response), to: emulator) == "OK")
            }
        }
    }

    @Test(
        arguments: [
            ("a.b", [], 401, "AuthenticationFail.OIDCToken.Invalid"),
            ("", [], 401, "AuthenticationFail.OIDCToken.Invalid"),
            ("..", [], 401, "AuthenticationFail.OIDCToken.Invalid"),
            (token("[]"), [], 401, "AuthenticationFail.OIDCToken.Invalid"),
            (token("{}"), [], 401, "AuthenticationFail.OIDCToken.Expired"),
            (token(#"{"exp":1800000000}"#), [], 401, "AuthenticationFail.OIDCToken.Expired"),
            (goodToken, [("OIDCProviderArn", "x")], 401, "AuthenticationFail.NoPermission"),
            (goodToken, [("OIDCProviderArn", nil)], 400, "MissingOIDCProviderArn"),
            (goodToken, [("OIDCToken", nil)], 400, "MissingOIDCToken"),
            (goodToken, [("RoleArn", nil)], 400, "MissingRoleArn"),
            (goodToken, [("RoleArn", "acs:ram::1:role/unknown")], 404, "EntityNotExist.Role"),
        ] as [(String, [(String, String?)], Int, String)]
    )
    func invalidOIDCTokenIsRejectedWithItsCode(
        token: String,
        changes: [(String, String?)],
        status: Int,
        code: String
    ) async throws {
        let configuration = try Self.configuration(roles: [RAMRole(name: "sender", policies: [.dysmsFullAccess])])
        try await SMSGatewayEmulator.withServer(configuration) { emulator in
            let query = Self.oidc(token, changes).canonicalQuery
            let response = try await fetch("\(emulator.baseURL)/?\(query)")
            #expect(response.status == status)
            #expect(response.code == code)
        }
    }

    @Test func inboxIsServedAtTheSameURL() async throws {
        try await SMSGatewayEmulator.withServer(try Self.configuration()) { emulator in
            let page = try await fetch(emulator.baseURL)
            #expect(page.status == 200)
            #expect(page.headers.first(name: "content-type")?.hasPrefix("text/html") == true)
        }
    }
}
