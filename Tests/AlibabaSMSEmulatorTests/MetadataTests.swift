// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AsyncHTTPClient
import Foundation
import NIOHTTP1
import Synchronization
import Testing

@testable import AlibabaSMSEmulator

@Suite struct MetadataTests {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)
    static let list = "/latest/meta-data/ram/security-credentials/"

    static func token(from emulator: SMSGatewayEmulator.Server, lifetime: String? = "60") async throws
        -> ReceivedResponse
    {
        var headers: HTTPHeaders = [:]
        if let lifetime { headers.add(name: "x-aliyun-ecs-metadata-token-ttl-seconds", value: lifetime) }
        return try await fetch("\(emulator.baseURL)/latest/api/token", method: .PUT, headers: headers)
    }

    static func get(_ path: String, _ emulator: SMSGatewayEmulator.Server, token: String?) async throws
        -> ReceivedResponse
    {
        let headers: HTTPHeaders = token.map { ["x-aliyun-ecs-metadata-token": $0] } ?? [:]
        return try await fetch(emulator.baseURL + path, headers: headers)
    }

    @Test(arguments: [true, false])
    func metadataTokenGrantsTheRoleAndItsCredential(allowsFirstVersion: Bool) async throws {
        let time = Mutex(Self.now)
        let configuration = SMSGatewayEmulator.Configuration(
            instanceRole: RAMRole(name: "sender", policies: [.dysmsFullAccess]),
            allowsFirstMetadataVersion: allowsFirstVersion,
            now: { time.withLock { $0 } }
        )
        try await SMSGatewayEmulator.withServer(configuration) { emulator in
            let token = try await Self.token(from: emulator)
            #expect(token.status == 200)
            #expect(try await Self.get(Self.list, emulator, token: token.text).text == "sender")
            let response = try await Self.get("\(Self.list)sender", emulator, token: token.text)
            #expect(response.json["Code"] as? String == "Success")
            #expect(response.json["Expiration"] as? String == "2027-01-15T09:00:00Z")
            let credential = try AlibabaCredential(
                accessKeyID: response.json["AccessKeyId"] as? String ?? "",
                accessKeySecret: response.json["AccessKeySecret"] as? String ?? "",
                securityToken: response.json["SecurityToken"] as? String
            )
            #expect(try await SecurityTokenTests.send(with: credential, to: emulator, at: Self.now) == "OK")
            #expect(try await Self.get("\(Self.list)other", emulator, token: token.text).status == 404)

            // The requests have no token, a forged token, and an expired token.
            let status = allowsFirstVersion ? 200 : 403
            #expect(try await Self.get("\(Self.list)sender", emulator, token: nil).status == status)
            #expect(try await Self.get(Self.list, emulator, token: nil).status == status)
            #expect(try await Self.get(Self.list, emulator, token: "1900000000.00").status == 403)
            time.withLock { $0 += 60 }
            #expect(try await Self.get(Self.list, emulator, token: token.text).status == 403)
        }
    }

    @Test(arguments: ["9223372036854775807.0", "9223372036854775807", "-9223372036854775808.0", ".", "", "1e99.0"])
    func forgedMetadataTokenIsRejectedWhateverItsExpiry(token: String) {
        #expect(!MetadataToken().isValid(token, at: Self.now))
    }

    @Test(arguments: [nil, "0", "21601", "soon", "-1"])
    func metadataTokenRequiresAValidLifetime(lifetime: String?) async throws {
        try await SMSGatewayEmulator.withServer { emulator in
            let response = try await Self.token(from: emulator, lifetime: lifetime)
            #expect(response.status == 400)
        }
    }

    @Test func credentialsURIReturnsTheCredential() async throws {
        try await SMSGatewayEmulator.withServer { emulator in
            let response = try await fetch(emulator.credentialsURI)
            #expect(response.json["Code"] as? String == "Success")
            #expect(response.headers.first(name: "cache-control") == "no-store")
        }
    }

    @Test func dnsRebindingIsRejected() async throws {
        try await SMSGatewayEmulator.withServer { emulator in
            for path in ["/credentials", "\(Self.list)emulated"] {
                let headers: HTTPHeaders = ["host": "evil.example"]
                let toPage = try await fetch(emulator.baseURL + path, headers: headers)
                #expect(toPage.status == 421)
                let real: HTTPHeaders = ["host": "100.100.100.200"]
                let toInstance = try await fetch(emulator.baseURL + path, headers: real)
                #expect(toInstance.status == 200)
            }
        }
    }
}
