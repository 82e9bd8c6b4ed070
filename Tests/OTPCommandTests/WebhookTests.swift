// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import OTPServer
import Subprocess
import SystemPackage
import Testing
import Webhooks

/// Tests of the webhooks and the delivery reports of `otp serve`.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct WebhookTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private static let newSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
    private static let pathSecret = "s3cret-of-the-path"

    /// The body of a webhook.
    private struct Event: Decodable, Sendable {
        struct Content: Decodable, Sendable {
            var challengeID: String?
            var number: String?
            var messageID: String?
            var outcome: String?
        }

        var type: String
        var timestamp: String
        var data: Content
    }

    /// Runs a receiver of webhooks, which verifies each webhook with one of the secrets.
    private static func withReceiver(
        _ body: (_ url: String, _ events: AsyncStream<Event>) async throws -> Void
    ) async throws {
        let verifier = WebhookVerifier([try WebhookSecret(Self.newSecret)])
        let (events, eventInput) = AsyncStream.makeStream(of: Event.self)
        let (ports, portInput) = AsyncStream.makeStream(of: Int.self)
        let router = Router()
        router.post("hook") { request, _ in
            let bytes = Array(try await request.body.collect(upTo: 1 << 16).readableBytesView)
            func header(_ name: String) -> String { request.headers.first { $0.name.rawName == name }?.value ?? "" }
            try verifier.verify(
                bytes,
                id: header("webhook-id"),
                timestamp: header("webhook-timestamp"),
                signature: header("webhook-signature")
            )
            #expect(!String(decoding: bytes, as: UTF8.self).contains("91234567"))
            eventInput.yield(try JSONDecoder().decode(Event.self, from: Data(bytes)))
            return HTTPResponse.Status.noContent
        }
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { portInput.yield($0.localAddress?.port ?? 0) },
            logger: Logger(label: "receiver") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            defer { group.cancelAll() }
            let port = try #require(await ports.first { _ in true })
            try await body("http://127.0.0.1:\(port)/hook", events)
            eventInput.finish()
        }
    }

    private static func post(_ url: String, _ body: String, key: String? = nil) async throws -> (Int, String) {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers = ["content-type": "application/json"]
        if let key { request.headers.add(name: "authorization", value: "Bearer \(key)") }
        request.body = .bytes(Array(body.utf8))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        return (Int(response.status.code), String(buffer: try await response.body.collect(upTo: 1 << 20)))
    }

    /// Waits for the next events, and returns them by their types.
    private static func next(_ types: Set<String>, _ events: AsyncStream<Event>) async throws -> [String: Event] {
        var found: [String: Event] = [:]
        while Set(found.keys) != types {
            let event = try #require(await events.first { _ in true })
            #expect(types.contains(event.type) && found[event.type] == nil, "\(event.type)")
            found[event.type] = event
        }
        return found
    }

    /// Returns a push of a report on a delivered message.
    private static func report(of challengeID: String, at date: Date = Date()) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss Z"
        let taskID = challengeID + "AAECAwQFBgcICQoL"
        return #"[{"MessageId":"1","Status":"1","To":"6591234567","TaskId":"\#(taskID)","#
            + #""ReceiveDate":"\#(formatter.string(from: date))"}]"#
    }

    @Test func serviceSendsWebhooksAndReceivesReports() async throws {
        let (key, text) = try APIKey.generate(id: "web", scopes: [.issue, .verify])
        try await Demo.run { demo in
            try await Self.withReceiver { hook, events in
                let environment = demo.environment.merging([
                    "OTP_API_KEYS": key.entry, "OTP_WEBHOOK_URL": hook,
                    "OTP_WEBHOOK_SECRET": "\(Self.secret),\(Self.newSecret)", "OTP_WEBHOOK_ALLOW_PRIVATE": "true",
                    "OTP_REPORT_PATH_SECRET": Self.pathSecret,
                ]) { $1 }
                let command = ["serve", "--listen", "127.0.0.1:0"]
                let status = try await Program.serve(command, environment: environment, endingWith: .terminate) {
                    line,
                    _ in
                    let url = try #require(line.split(separator: " ").last.map { $0.filter { !$0.isWhitespace } })
                    let call = #""number":"+6591234567","purpose":"sign-in""#
                    let issued = try await Self.post("\(url)/v1/verifications", "{\(call)}", key: text)
                    try #require(issued.0 == 201, "\(issued)")
                    let token = try #require(issued.1.firstMatch(of: /"token":"([^"]+)"/)?.1)
                    let challengeID = String(try #require(issued.1.firstMatch(of: /"challengeID":"([^"]+)"/)?.1))
                    var found = try await Self.next(["otp.verification.issued", "otp.message.sent"], events)
                    #expect(found.values.allSatisfy { $0.data.challengeID == challengeID && $0.data.number != nil })
                    #expect(found["otp.message.sent"]?.data.outcome == "accepted")
                    #expect(found["otp.message.sent"]?.data.messageID?.isEmpty == false)

                    let code = try await demo.code("+6591234567")
                    for attempt in [Demo.wrong(code), code] {
                        let body = #"{\#(call),"token":"\#(token)","code":"\#(attempt)"}"#
                        _ = try await Self.post("\(url)/v1/verifications/check", body, key: text)
                    }
                    found = try await Self.next(["otp.verification.failed", "otp.verification.verified"], events)
                    #expect(found["otp.verification.failed"]?.data.outcome == "incorrectCode")
                    #expect(found.values.allSatisfy { $0.data.challengeID == challengeID })

                    let push = Self.report(of: challengeID)
                    let path = "\(url)/v1/delivery-reports/\(Self.pathSecret)"
                    #expect(try await Self.post(path + "x", push).0 == 404)
                    for _ in 0..<2 { #expect(try await Self.post(path, push).1 == #"{"code":0,"msg":"received"}"#) }
                }
                #expect(status == 0)
                // The service sends the last webhook before it ends, and sends only one for two equal reports.
                let last = try await Self.next(["otp.message.delivered"], events)
                #expect(last.values.first?.data.messageID == "1")
            }
        }
    }
}
