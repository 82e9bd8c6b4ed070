// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import NIOHTTP1
import Testing

@testable import AlibabaSMSEmulator

/// Tests of GET requests to the gateway, with all parameters in the query.
@Suite struct GetRequestTests {
    private static func withEmulator(_ body: (SMSGatewayEmulator.Server) async throws -> Void) async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()]), body)
    }

    private static func v3(_ emulator: SMSGatewayEmulator.Server, signedFor method: String = "GET") -> SpoilableRequest
    {
        var signer = CarelessSigner()
        signer.method = method
        var request = signer.v3(emulator)
        request.method = .GET
        return request
    }

    private static func rpc(method: String = "GET", key: String = "\(secret)&") -> String {
        var signer = CarelessSigner()
        signer.method = method
        signer.key = key
        signer.usesSHA1 = true
        signer.output = { $0.base64EncodedString() }
        return signer.rpc()
    }

    @Test func aSignedGETSendsAMessage() async throws {
        try await Self.withEmulator { emulator async throws in
            #expect(try await Self.v3(emulator).send(to: emulator).code == "OK")
            #expect(try await fetch("\(emulator.baseURL)/?\(Self.rpc())").code == "OK")
            let messages = await emulator.inbox.messages()
            #expect(messages.count == 2 && messages.allSatisfy { $0.text == CarelessSigner.text })
            let records = emulator.requests.records()
            #expect(records.map(\.method) == ["GET", "GET"])
            #expect(records.map(\.scheme) == ["HMAC-SHA1", "ACS3-HMAC-SHA256"])
            #expect(records.allSatisfy { $0.outcome == .accepted && $0.signature?.matches == true })
        }
    }

    @Test func theSignatureCoversTheMethod() async throws {
        try await Self.withEmulator { emulator async throws in
            let third = try await Self.v3(emulator, signedFor: "POST").send(to: emulator)
            #expect(third.code == "SignatureDoesNotMatch")
            let older = try await fetch("\(emulator.baseURL)/?\(Self.rpc(method: "POST"))")
            #expect(older.code == "SignatureDoesNotMatch")
            #expect(older.text.contains("method"))
            let posted = try await fetch("\(emulator.baseURL)/?\(Self.rpc())", method: .POST)
            #expect(posted.code == "SignatureDoesNotMatch")
            let wrong = try await fetch("\(emulator.baseURL)/?\(Self.rpc(key: "other&"))")
            #expect(wrong.code == "SignatureDoesNotMatch")
            #expect(await emulator.inbox.messages().isEmpty)
        }
    }

    @Test(arguments: [
        ("Action=SendMessageToGlobe&To=6591234567&Message=x", "InvalidVersion"),
        ("Action=SendMessageToGlobe&Version=2018-05-01&To=6591234567&Message=x", "IncompleteSignature"),
        ("Action=SendMessageToMars&Version=2018-05-01&Signature=x", "InvalidAction.NotFound"),
        ("Action=&Signature=x", "InvalidAction.NotFound"),
        ("Action=QueryMessage&Version=2018-05-01&Signature=x&SignatureMethod=HMAC-MD5", "InvalidSignatureMethod"),
    ])
    func aGETRequestWithAnActionNeverReturnsThePage(query: String, code: String) async throws {
        try await Self.withEmulator { emulator async throws in
            let response = try await fetch("\(emulator.baseURL)/?\(query)")
            #expect(response.code == code)
            #expect(response.status != 200)
        }
    }

    @Test func aHeaderCanNameTheAction() async throws {
        try await Self.withEmulator { emulator async throws in
            let headers: HTTPHeaders = ["x-acs-action": "QueryMessage", "x-acs-version": "2018-05-01"]
            #expect(try await fetch("\(emulator.baseURL)/", headers: headers).code == "IncompleteSignature")
        }
    }

    @Test(arguments: ["/", "/?", "/?q=1", "/?action=SendMessageToGlobe", "/?namespace=team-1", "/?To=6591234567"])
    func aGETRequestWithoutAnActionReturnsThePage(target: String) async throws {
        try await Self.withEmulator { emulator async throws in
            let response = try await fetch("\(emulator.baseURL)\(target)")
            #expect(response.status == 200)
            #expect(response.headers.first(name: "content-type")?.hasPrefix("text/html") == true)
        }
    }

    @Test func anUnsignedGETRequestSendsAMessageIfAnyRequestIsAccepted() async throws {
        try await SMSGatewayEmulator.withServer(.init(gateway: .init(acceptsAnyRequest: true))) {
            emulator async throws in
            let query = "Action=SendMessageToGlobe&To=6591234567&Message=code%20482913"
            #expect(try await fetch("\(emulator.baseURL)/?\(query)").code == "OK")
            #expect(await emulator.inbox.messages().first?.code == "482913")
        }
    }

    @Test func everyActionAndTheTokenServiceAcceptGET() async throws {
        try await Self.withEmulator { emulator async throws in
            for action in SMSGatewayEmulator.actions {
                let response = try await fetch("\(emulator.baseURL)/?Action=\(action)&Version=2018-05-01")
                #expect(response.code == "IncompleteSignature", "\(action)")
            }
            let role = try await fetch("\(emulator.baseURL)/?Action=AssumeRole&Version=2015-04-01")
            #expect(role.code == "IncompleteSignature")
        }
    }
}
