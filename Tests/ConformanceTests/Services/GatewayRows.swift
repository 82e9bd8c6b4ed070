// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSEmulator
import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import OTP
import SMSKit
import Synchronization
import Testing

extension Conformance {
    /// Rows of the conformance table about delivery reports and the inbox of the emulator.
    @Suite struct GatewayRows {
        private static let secret = "s3cret-of-the-path"

        /// Passes a push to the handler of delivery reports.
        private static func push(
            _ handler: DeliveryReportHandler,
            path: String,
            isMutant: Bool,
            _ process: ([DeliveryReport]) async throws -> Void
        ) async -> DeliveryReportHandler.Response {
            let body = Array(#"[{"MessageId":"m1","Status":"1"}]"#.utf8)
            let path = isMutant ? "/hooks/\(Self.secret)" : path
            return await handler.handle(path: path, body: body, process: process)
        }

        @Test(
            "CT-28: a delivery report needs the secret in its path, counts once, and verifies nothing",
            arguments: Trial.onStores
        )
        func ct28(trial: Trial) async throws {
            try await trial.run(
                mutant: "a handler that does not check the path",
                fails: "a report without the secret is refused"
            ) { findings in
                try await trial.withPlace { place in
                    let service = try place.service()
                    let sent = try await service.issue()
                    for path in [
                        "/hooks/", "/hooks/\(Self.secret)x", "/hooks/\(Self.secret)/x", "/\(Self.secret.uppercased())",
                    ] {
                        let handler = try DeliveryReportHandler(secret: Self.secret)
                        let response = await Self.push(handler, path: path, isMutant: trial.isMutant) { _ in }
                        findings.expect("a report without the secret is refused", response.status == 404, path)
                    }
                    let handler = try DeliveryReportHandler(secret: Self.secret)
                    let reports = Mutex(0)
                    for _ in 0..<2 {
                        let response = await Self.push(handler, path: "/hooks/\(Self.secret)", isMutant: false) { new in
                            reports.withLock { $0 += new.count }
                        }
                        findings.expect("a report with the secret is accepted", response.status == 200)
                    }
                    findings.expect("a repeated report counts once", reports.withLock { $0 } == 1)
                    let status = try await service.otp.status(for: Service.number, token: sent.token)
                    findings.expect("a report changes no challenge", status.attemptsRemaining == 5)
                    let error = await service.attempt(wrong(sent.code), sent.token)
                    findings.expect("a report verifies nothing", error?.code == .incorrectCode)
                }
            }
        }

        /// A request to the inbox.
        private struct InboxRequest {
            var path: String
            var method = HTTPMethod.GET
            var headers: HTTPHeaders = [:]
            var body = 0
        }

        /// Sends a request to the inbox, and returns the status of the response.
        ///
        /// In the trial of the mutant, which has a deliberate fault, a proxy in front of the inbox removes the header `Origin`,
        /// and replaces the header `Host` by the host of the inbox.
        private static func status(
            _ request: InboxRequest,
            of emulator: SMSGatewayEmulator.Server,
            isMutant: Bool
        ) async throws -> Int {
            var message = HTTPClientRequest(url: emulator.baseURL + request.path)
            message.method = request.method
            message.headers = request.headers
            if isMutant {
                message.headers.remove(name: "origin")
                message.headers.remove(name: "host")
            }
            if request.body > 0 { message.body = .bytes([UInt8](repeating: UInt8(ascii: " "), count: request.body)) }
            let response = try await HTTPClient.shared.execute(message, timeout: .seconds(30))
            return Int(response.status.code)
        }

        /// Checks that a path rejects requests with a foreign host or a foreign origin.
        private static func check(
            _ path: String,
            _ findings: Findings,
            _ status: (InboxRequest) async throws -> Int
        ) async throws {
            for host in ["evil.example", "127.0.0.1.evil.example"] {
                let refused = try await status(.init(path: path, headers: ["host": host]))
                findings.expect("a foreign host is refused", refused == 421, "\(path) \(refused)")
            }
            for origin in ["https://evil.example", "null", "http://localhost@evil.example"] {
                let refused = try await status(.init(path: path, headers: ["origin": origin]))
                findings.expect("a foreign page is refused", refused == 403, "\(path) \(refused)")
            }
            let own = try await status(.init(path: path))
            findings.expect("the own page is served", own == 200, "\(path) \(own)")
        }

        @Test("T21: the inbox refuses requests of foreign pages and hosts, and large bodies", arguments: Trial.alone)
        func t21(trial: Trial) async throws {
            try await trial.run(
                mutant: "an inbox behind a proxy that removes the header `Origin` and replaces `Host`",
                fails: "a foreign page is refused",
                "a foreign host is refused"
            ) { findings in
                try await SMSGatewayEmulator.withServer { emulator in
                    func status(_ request: InboxRequest) async throws -> Int {
                        try await Self.status(request, of: emulator, isMutant: trial.isMutant)
                    }
                    for path in ["/", "/api/v1/messages", "/api/v1/stats", "/api/v1/requests"] {
                        try await Self.check(path, findings, status)
                    }
                    let origin: HTTPHeaders = ["origin": "https://evil.example"]
                    let deletion = InboxRequest(path: "/api/v1/messages", method: .DELETE, headers: origin)
                    let deleted = try await status(deletion)
                    findings.expect("a foreign page is refused", deleted == 403, deleted)
                    if !trial.isMutant {
                        let events = try await status(.init(path: "/api/v1/events", headers: origin))
                        findings.expect("a foreign page is refused", events == 403, events)
                    }
                    let large = try await status(.init(path: "/api/v1/faults", method: .PUT, body: 300_000))
                    findings.expect("a large body is refused", large == 413, large)
                }
            }
        }
    }
}
