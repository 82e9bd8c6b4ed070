// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import LoopbackConnection
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

/// Tests that hostile input does not stop the emulator from serving other clients.
@Suite struct HostileInputTests {
    @Test func theServerSurvivesMalformedRequests() async throws {
        let long = String(repeating: "a", count: 200_000)
        let head = "host: 127.0.0.1\r\nconnection: close\r\n"
        let requests = [
            "\u{0}\u{1}\u{2}\r\n\r\n", "GET\r\n\r\n", "POST / HTTP/9.9\r\n\r\n",
            "POST /?\(long) HTTP/1.1\r\n\(head)\r\n",
            "POST /?%zz&=&&&a=%ff HTTP/1.1\r\n\(head)content-length: 0\r\n\r\n",
            "POST / HTTP/1.1\r\n\(head)x-acs-action: SendMessageToGlobe\r\nx-acs-version: 2018-05-01\r\nauthorization: \(long)\r\n\r\n",
            "POST * HTTP/1.1\r\n\(head)content-length: 0\r\n\r\n",
            "POST http://x/?a HTTP/1.1\r\n\(head)content-length: 0\r\n\r\n",
            "GET /api/v1/messages/-99999999999999999999999 HTTP/1.1\r\n\(head)\r\n",
            "GET /api/v1/messages?limit=9223372036854775807&since=9223372036854775807 HTTP/1.1\r\n\(head)\r\n",
            "GET /api/v1/messages/wait?timeout=99999999999999999999 HTTP/1.1\r\n\(head)\r\n",
            "GET /api/v1/messages?before=-9223372036854775808&limit=9223372036854775807 HTTP/1.1\r\n\(head)\r\n",
            "GET /api/v1/messages?%zz&=&template=%ff&contains=\(long) HTTP/1.1\r\n\(head)\r\n",
            "GET /api/v1/requests?code=%00&limit=-1&since=%F0%9F%98%80 HTTP/1.1\r\n\(head)\r\n",
            "GET /api/v1/requests/%00%ff HTTP/1.1\r\n\(head)\r\n",
            "GET /api/v1/requests/99999999999999999999999 HTTP/1.1\r\n\(head)\r\n",
            "GET /api/v1/events HTTP/1.1\r\n\(head)last-event-id: -99999999999999999999\r\n\r\n",
            "GET /api/v1/events HTTP/1.1\r\n\(head)last-event-id: -9223372036854775808\r\n\r\n",
            "GET /api/v1/events HTTP/1.1\r\n\(head)content-length: 5\r\n\r\nhello",
            "DELETE /api/v1/messages/%00 HTTP/1.1\r\n\(head)\r\n", "OPTIONS / HTTP/1.1\r\n\(head)\r\n",
            "POST / HTTP/1.1\r\n\(head)content-length: -1\r\n\r\n",
            "POST / HTTP/1.1\r\n\(head)transfer-encoding: chunked\r\n\r\nZZ\r\n",
        ]
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator in
            for request in requests { try await Self.exchange(request, port: emulator.port) }
            #expect(try await SpoilableRequest(to: emulator).send(to: emulator).code == "OK")
        }
    }

    @Test func malformedAuthorizationHeadersAreRejected() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator in
            for authorization in [
                "", " ", "ACS3-HMAC-SHA256", "ACS3-HMAC-SHA256 ", "ACS3-HMAC-SHA256 ,,,", "ACS3-HMAC-SHA256 =,=,=",
                "ACS3-HMAC-SHA256 Credential=,SignedHeaders=,Signature=",
                "ACS3-HMAC-SHA256 Credential=LTAI-test,SignedHeaders=;;;,Signature=\(String(repeating: "0", count: 64))",
                "ACS3-HMAC-SHA256 Credential=a,Credential=b,SignedHeaders=host,Signature=\(String(repeating: "0", count: 64))",
                "ACS3-HMAC-SHA256 Credential=LTAI-test,SignedHeaders=host,Signature=é",
            ] {
                var request = try SpoilableRequest(to: emulator)
                request.set("authorization", authorization)
                let response = try await request.send(to: emulator)
                #expect(response.code == "IncompleteSignature", "\(authorization)")
            }
            var request = try SpoilableRequest(to: emulator)
            let all = request.headers.map(\.name).filter { $0 != "authorization" }.joined(separator: ";")
            for names in ["\(all);no such name", "\(all);absent", "\(all);\u{7F}", "\(all);host;host"] {
                let zeros = String(repeating: "0", count: 64)
                request.set(
                    "authorization",
                    "ACS3-HMAC-SHA256 Credential=LTAI-test,SignedHeaders=\(names),Signature=\(zeros)"
                )
                let code = try? await request.send(to: emulator).code
                #expect(code == nil || code == "SignatureDoesNotMatch", "\(names)")
            }
        }
    }

    @Test func aTooLargeBodyIsRejected() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator in
            let response = try await fetch(
                "\(emulator.baseURL)/",
                method: .POST,
                body: Array(repeating: 0x61, count: 600 * 1024)
            )
            #expect(response.status == 413)
        }
    }

    @Test func everyActionRejectsHostileParameters() async throws {
        let deep = String(repeating: "[", count: 3000)
        let values = [
            "", " ", "\u{0}", "null", "[]", "{}", "[null]", deep, deep + String(repeating: "]", count: 3000),
            "[\"\\ud800\"]", "{\"code\":null}", "{\"\":\"\"}", "${code}", "${", "}", "-1", "1e400", "NaN",
            "9223372036854775808",
            String(repeating: "*", count: 5000), "\u{202E}\u{FEFF}",
        ]
        let names = [
            "To", "Message", "From", "TemplateCode", "TemplateParam", "Type", "TaskId", "ValidityPeriod",
            "SmsUpExtendCode", "MessageId", "Delivered", "ConversionTime", "ConversionRate", "ReportTime",
        ]
        let configuration = SMSGatewayEmulator.Configuration(
            accessKeys: [try key()],
            account: .init(requestsPerSecond: ["BatchSendMessageToGlobe": 10_000]),
            faults: .init([FaultRule(.duplicate, for: .init(to: "+*9*9*9*9*", text: "*a*a*a*b"))])
        )
        try await SMSGatewayEmulator.withServer(configuration) { emulator async throws in
            for action in SMSGatewayEmulator.actions {
                for value in values {
                    let parameters = names.map { ($0, value) }
                    let response = try await SpoilableRequest(
                        to: emulator,
                        action: action,
                        parameters: parameters,
                        asForm: true
                    )
                    .send(to: emulator)
                    #expect(
                        response.status == 200 && response.code != nil && response.code != "OK",
                        "\(action) \(value)"
                    )
                }
            }
            #expect(await emulator.inbox.messages().isEmpty)
            #expect(try await SpoilableRequest(to: emulator).send(to: emulator).code == "OK")
        }
    }

    @Test func theControlRoutesRejectHostileBodies() async throws {
        let deep = String(repeating: "[", count: 20_000)
        let bodies = [
            "\u{0}", "null", "1", "\"x\"", deep, "{\"rules\":\(deep)", "{\"rules\":[null]}", "{\"rules\":[1]}",
            "{\"seed\":-1}",
            "{\"seed\":1e400}", "{\"rules\":[{\"fault\":null}]}",
            "{\"rules\":[{\"fault\":{\"kind\":\"slow\",\"by\":1e400}}]}",
            "{\"rules\":[{\"fault\":{\"kind\":\"slow\",\"by\":[]}}]}", "{\"advance\":1.5}", "{\"advance\":null}",
            "{\"set\":\"0000-00-00T00:00:00Z\"}", "{\"set\":\"99999-01-01T00:00:00Z\"}", "{\"freeze\":null}",
        ]
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator async throws in
            for body in bodies {
                for (method, path) in [(HTTPMethod.PUT, "faults"), (.POST, "clock")] {
                    let url = "\(emulator.baseURL)/api/v1/\(path)"
                    let response = try await fetch(url, method: method, body: Array(body.utf8))
                    // The emulator may accept these timestamps, although they are out of range.
                    let isOddTime = path == "clock" && body.hasPrefix("{\"set\"")
                    #expect(response.status == 400 || isOddTime, "\(path) \(body.prefix(50))")
                }
            }
            // At both ends of its range, the clock still works.
            for text in ["36500d", "-36500d"] {
                let body = Array("{\"advance\":\"\(text)\"}".utf8)
                let response = try await fetch("\(emulator.baseURL)/api/v1/clock", method: .POST, body: body)
                #expect(response.status == 200)
                #expect(try await SpoilableRequest(to: emulator).send(to: emulator).code == "OK")
            }
        }
    }

    /// Writes a text, and waits until the server responds or closes the connection.
    private static func exchange(_ text: String, port: Int) async throws {
        let channel = try await LoopbackConnection.open(port: port)
        // If the server rejects the request early, it may close the connection during the write.
        try? await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            for try await _ in inbound { break }
        }
    }
}
