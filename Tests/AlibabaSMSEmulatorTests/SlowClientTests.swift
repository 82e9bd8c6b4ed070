// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import LoopbackConnection
import Testing

/// Tests of timeouts over a real socket, with short timeouts, because the tests wait for them.
@Suite struct SlowClientTests {
    private static let short = ConnectionTimeouts(
        idle: .milliseconds(100),
        head: .milliseconds(100),
        body: .milliseconds(100)
    )

    @Test func slowClientsTimeOutAndOthersAreServed() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()], timeouts: Self.short)) {
            emulator async throws in
            #expect(try await LoopbackConnection.exchange("", port: emulator.port) == "")
            let head = try await LoopbackConnection.exchange("GET / HTTP/1.1\r\nhost:", port: emulator.port)
            #expect(head.hasPrefix("HTTP/1.1 408"))
            let upload = "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nabc"
            let body = try await LoopbackConnection.exchange(upload, port: emulator.port)
            #expect(body.hasPrefix("HTTP/1.1 408"))
            let whole = try await LoopbackConnection.exchange(
                "GET /api/v1/stats HTTP/1.1\r\nhost: localhost\r\n\r\n",
                port: emulator.port
            )
            #expect(whole.hasPrefix("HTTP/1.1 200"))
            #expect(try await SpoilableRequest(to: emulator).send(to: emulator).code == "OK")
        }
    }

    @Test func aRequestWithTwoHostsIsRejected() async throws {
        try await SMSGatewayEmulator.withServer { emulator async throws in
            for hosts in ["host: localhost\r\nhost: evil.example", "host: localhost\r\nhost: localhost", "x: y"] {
                let text = "GET /api/v1/messages HTTP/1.1\r\n\(hosts)\r\n\r\n"
                #expect(
                    try await LoopbackConnection.exchange(text, port: emulator.port).hasPrefix("HTTP/1.1 400"),
                    "\(hosts)"
                )
            }
        }
    }

    @Test func aWaitingRequestIsNotIdle() async throws {
        try await SMSGatewayEmulator.withServer(.init(timeouts: Self.short)) { emulator async throws in
            let text = "GET /api/v1/messages/wait?timeout=1s HTTP/1.1\r\nhost: localhost\r\n\r\n"
            #expect(try await LoopbackConnection.exchange(text, port: emulator.port).hasPrefix("HTTP/1.1 404"))
        }
    }
}
