// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import JSONOutput
import NIOHTTP1
import Testing

@testable import AlibabaSMSEmulator

@Suite struct RequestLogTests {
    static func request(_ emulator: SMSGatewayEmulator.Server, _ path: String) async throws -> [String: Any] {
        try await fetch("\(emulator.baseURL)/api/v1/\(path)").json
    }

    @Test func everyRequestIsLoggedWithItsOutcome() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator in
            #expect(try await SpoilableRequest(to: emulator).send(to: emulator).code == "OK")
            var spoiled = try SpoilableRequest(to: emulator)
            spoiled.set("x-acs-version", "2017-05-25")
            _ = try await spoiled.send(to: emulator)
            _ = try await SpoilableRequest(to: emulator, parameters: [("To", "8613800000000"), ("Message", "x")])
                .send(to: emulator)
            _ = try await fetch(
                "\(emulator.baseURL)/",
                method: .POST,
                body: Array(repeating: 0x61, count: 600 * 1024)
            )
            let records = emulator.requests.records()
            #expect(records.map(\.code) == ["InvalidParameter", "NOT_SUPPORTED_COUNTRY", "InvalidVersion", "OK"])
            #expect(records.map(\.outcome) == [.rejected, .rejected, .rejected, .accepted])
            #expect(records.map(\.status) == [413, 200, 400, 200])
            let good = try #require(records.last)
            let message = try #require(await emulator.inbox.messages().first)
            #expect(good.requestID == message.requestID && good.messageIDs == [message.messageID])
            #expect(good.action == "SendMessageToGlobe" && good.version == "2018-05-01" && good.method == "POST")
            #expect(good.accessKeyID == "LTAI-test" && good.scheme == "ACS3-HMAC-SHA256")
            #expect(good.parameters.contains { $0.name == "To" && $0.value == "6591234567" })
            #expect(good.query.contains("Message=Your%20code"))
            #expect(good.headers.contains { $0.name == "x-acs-signature-nonce" })
            #expect(good.milliseconds ?? -1 > 0)
            #expect(records[2].reason == "Specified parameter Version is not valid.")
        }
    }

    @Test func theListHasPagesAndAFilterByResponseCode() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator in
            for _ in 1...3 { _ = try await SpoilableRequest(to: emulator).send(to: emulator) }
            for _ in 1...2 { _ = try await SpoilableRequest(to: emulator, action: "Nothing").send(to: emulator) }
            func ids(_ query: String) async throws -> ([Int], Int?) {
                let json = try await Self.request(emulator, "requests?\(query)")
                let list = try #require(json["requests"] as? [[String: Any]])
                return (list.compactMap { $0["id"] as? Int }, json["next"] as? Int)
            }
            #expect(try await ids("") == ([5, 4, 3, 2, 1], nil))
            #expect(try await ids("limit=2") == ([5, 4], 4))
            #expect(try await ids("limit=2&before=4") == ([3, 2], 2))
            #expect(try await ids("limit=2&before=2") == ([1], nil))
            #expect(try await ids("code=OK") == ([3, 2, 1], nil))
            #expect(try await ids("code=InvalidAction.NotFound&since=4") == ([5], nil))
            let requestID = try #require(emulator.requests.record(id: 2)?.requestID)
            #expect(try await Self.request(emulator, "requests/\(requestID)")["id"] as? Int == 2)
            let none = try await fetch("\(emulator.baseURL)/api/v1/requests/nothing")
            #expect(none.status == 404 && none.headers.first(name: "content-type") == "application/problem+json")
            #expect(try await fetch("\(emulator.baseURL)/api/v1/requests", method: .DELETE).status == 204)
            #expect(try await ids("") == ([], nil))
            _ = try await SpoilableRequest(to: emulator).send(to: emulator)
            #expect(try await ids("") == ([6], nil))
        }
    }

    @Test func tokensAndSecretsAreMasked() async throws {
        let token = "CAISvery/secret+token=="
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key(token: token)])) { emulator in
            #expect(try await SpoilableRequest(to: emulator, token: token).send(to: emulator).code == "OK")
            // The signer makes a mistake, so that the record also contains the texts that the emulator received.
            var signer = CarelessSigner()
            (signer.token, signer.host) = (token, "127.0.0.1")
            #expect(try await signer.v3(emulator).send(to: emulator).code == "SignatureDoesNotMatch")
            var older = CarelessSigner()
            (older.token, older.usesSHA1, older.output) = (token, true, { $0.base64EncodedString() })
            _ = try await fetch("\(emulator.baseURL)/?\(older.rpc())", method: .POST)
            _ = try await fetch("\(emulator.baseURL)/?AccessKeySecret=x\(secret)x&o=\(secret)", method: .POST)
            for authorization in ["Bearer \(token)", "Basic \(secret)", token] {
                _ = try await fetch(
                    "\(emulator.baseURL)/",
                    method: .POST,
                    headers: ["authorization": authorization, "cookie": token]
                )
            }
            let encoded = CarelessSigner.encode()(token)
            for id in 1...7 {
                let text = try await fetch("\(emulator.baseURL)/api/v1/requests/\(id)").text
                #expect(text.contains("masked"), "\(id)")
                for hidden in [token, encoded, CarelessSigner.encode()(encoded), "very", secret] {
                    #expect(!text.contains(hidden), "\(id)")
                }
            }
            #expect(emulator.requests.record(id: 2)?.signature?.findings.map(\.mistake) == [.portMissing])
            #expect(emulator.requests.record(id: 3)?.signature?.findings.map(\.mistake) == [.ampersandMissing])
        }
    }

    @Test func theLogIsBoundedInRecordsAndBytes() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()], requestCapacity: 3)) { emulator in
            let long = String(repeating: "a%20", count: 4000)
            let pairs = (0..<3000).map { "p\($0)=\($0)" }.joined(separator: "&")
            for query in [long, "Message=\(long)", pairs, "x=\(long)&y=\(long)&z=\(long)&w=\(long)"] {
                _ = try await fetch("\(emulator.baseURL)/?\(query)", method: .POST, body: Array(pairs.utf8))
            }
            let records = emulator.requests.records()
            #expect(records.map(\.id) == [4, 3, 2])
            for record in records {
                let size = try JSONEncoder.compact.encode(record).count
                #expect(size < 48 * 1024, "\(size)")
            }
        }
    }

    @Test func descriptionsContainNoValuesOfARequest() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator in
            _ = try await SpoilableRequest(to: emulator).send(to: emulator)
            let record = try #require(emulator.requests.records().first)
            var text = ""
            dump(record, to: &text)
            dump(record.signature, to: &text)
            dump(record.signature?.expected, to: &text)
            text += "\(record) \(String(reflecting: record)) \(String(reflecting: record.signature))"
            #expect(!text.contains("6591234567") && !text.contains("123456"))
        }
    }
}
