// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSEmulator
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import OTP
import OTPServer
import SMSKit
import SendGuard
import Synchronization
import Testing
import Webhooks

@testable import OTPCommand

extension Conformance {
    /// Rows of the conformance table about delivery reports and the inbox of the emulator.
    @Suite struct GatewayRows {
        private static let secret = "s3cret-of-the-path"

        /// The time of the reports and the webhooks.
        private static let now = Date(timeIntervalSince1970: 1_637_807_133)

        private static let push =
            #"[{"MessageId":"m1","Status":"1","ReceiveDate":"Thu, 25 Nov 2021 10:25:33 +0800"}]"#

        private final class Sink: AuditSink {
            let events = Mutex<[AuditEvent]>([])

            func record(_ events: [AuditEvent]) async throws { self.events.withLock { $0 += events } }
        }

        /// Runs an HTTP service with the route for delivery reports; the faulty route (the mutant) accepts every path.
        private static func withServer(
            _ otp: OTPService,
            _ trail: AuditTrail,
            isMutant: Bool,
            _ body: (_ url: String) async throws -> Void
        ) async throws {
            let receiver = DeliveryReportReceiver(
                try DeliveryReportHandler(secret: Self.secret),
                trail: trail,
                now: { Self.now }
            )
            let mutant = DeliveryReportRoutes(accepts: { _ in true }) { _, body async throws(HTTPProblem) in
                try await receiver.receive(Self.secret, body)
            }
            let key = try APIKey.generate(id: "web", scopes: [.issue]).key
            let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
            let server = OTPHTTPService(
                routes: OTPRoutes(otp: otp, keys: try APIKeyRing(text: key.entry)),
                reports: isMutant ? mutant : receiver.routes,
                port: 0,
                isReady: { true },
                onServerRunning: { continuation.yield($0) }
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await server.run() }
                defer { group.cancelAll() }
                guard let port = await ports.first(where: { _ in true }) else { return }
                try await body("http://127.0.0.1:\(port)/v1/delivery-reports/")
            }
        }

        /// Posts a push, and returns the status of the response.
        private static func push(to url: String) async throws -> Int {
            var message = HTTPClientRequest(url: url)
            message.method = .POST
            message.body = .bytes(Array(Self.push.utf8))
            return Int(try await HTTPClient.shared.execute(message, timeout: .seconds(30)).status.code)
        }

        @Test(
            "CT-28: forged or repeated delivery reports and webhooks have no effect, and delivery reports verify no code",
            arguments: Trial.onStores
        )
        func ct28(trial: Trial) async throws {
            try await trial.run(
                mutant: "a service that accepts all delivery reports, and a receiver that accepts all webhooks",
                fails: "a report without the secret is refused",
                "a forged webhook is refused",
                "a repeated webhook is refused"
            ) { findings in
                try await trial.withPlace { place in
                    try await Self.checkReports(try await place.service(), isMutant: trial.isMutant, findings)
                }
                try await Self.checkWebhooks(isMutant: trial.isMutant, findings)
            }
        }

        private static func checkReports(_ service: Service, isMutant: Bool, _ findings: Findings) async throws {
            let sent = try await service.issue()
            let sink = Sink()
            let trail = AuditTrail([sink])
            func reports() async -> Int {
                await trail.flush()
                return sink.events.withLock { $0.count }
            }
            try await Self.withServer(service.otp, trail, isMutant: isMutant) { url in
                for path in ["\(Self.secret)x", Self.secret.uppercased(), String(Self.secret.dropLast())] {
                    let status = try await Self.push(to: url + path)
                    findings.expect("a report without the secret is refused", status == 404, path)
                }
                for _ in 0..<2 {
                    let status = try await Self.push(to: url + Self.secret)
                    findings.expect("a report with the secret is accepted", status == 200)
                }
            }
            let count = await reports()
            findings.expect("a repeated report counts once", count == 1, count)
            let status = try await service.door.status(for: Service.number, token: sent.token)
            findings.expect("a report changes no challenge", status.attemptsRemaining == 5)
            let error = await service.attempt(wrong(sent.code), sent.token)
            findings.expect("a report verifies nothing", error?.code == .incorrectCode)
        }

        /// Sends a webhook and changed copies of it to a receiver.
        private static func checkWebhooks(isMutant: Bool, _ findings: Findings) async throws {
            let secret = try WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
            let requests = Mutex<[WebhookRequest]>([])
            let endpoint = try WebhookEndpoint(url: "https://example.com/", secrets: [secret])
            let sender = WebhookSender(endpoint, now: { Self.now }) { request in
                requests.withLock { $0.append(request) }
                return WebhookResponse(status: 204)
            }
            try await sender.record([AuditEvent(.verify, at: Self.now, [.outcome: "ok"])])
            await sender.drain(within: .seconds(30))
            let request = try #require(requests.withLock { $0.first })
            let headers = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
            let verifier = WebhookVerifier([secret])
            // The mutant accepts every webhook.
            func isAccepted(_ body: [UInt8], changing changes: [String: String] = [:], later: Double = 0) -> Bool {
                let headers = headers.merging(changes) { $1 }
                func header(_ name: String) -> String { headers["webhook-\(name)"] ?? "" }
                let verification: Void? = try? verifier.verify(
                    body,
                    id: header("id"),
                    timestamp: header("timestamp"),
                    signature: header("signature"),
                    at: Self.now + later
                )
                return verification != nil || isMutant
            }
            for index in request.body.indices {
                var body = request.body
                body[index] ^= 1
                findings.expect("a forged webhook is refused", !isAccepted(body), index)
            }
            for changes in [["webhook-id": "msg_2"], ["webhook-timestamp": "1"], ["webhook-signature": "v1,AAAA"]] {
                findings.expect("a forged webhook is refused", !isAccepted(request.body, changing: changes), changes)
            }
            findings.expect("a forged webhook is refused", !isAccepted(request.body, later: 301), "old")
            findings.expect("a genuine webhook is accepted", isAccepted(request.body))
            findings.expect("a repeated webhook is refused", !isAccepted(request.body))
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
        /// In the mutant (the faulty variant), a proxy in front of the inbox removes the header `Origin` and changes the header
        /// `Host`.
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

        @Test(
            "T21: the inbox refuses large request bodies, requests from other web pages, and requests for other host names",
            arguments: Trial.alone
        )
        func t21(trial: Trial) async throws {
            try await trial.run(
                mutant: "an inbox behind a proxy that removes the header `Origin` and replaces the header `Host`",
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
