// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSEmulator
import Foundation
import InMemoryLogging
import Logging
import Metrics
import MetricsTestKit
import OTP
import OTPTesting
import SMSKit
import SendGuard
import Synchronization
import Testing
import TextFormats

extension Conformance {
    /// Rows of the conformance table about secrets in results, errors, logs and metrics.
    @Suite struct ShownSecretRows {
        /// An audit sink that records the events of a service.
        private final class Events: AuditSink {
            private let events = Mutex<[AuditEvent]>([])

            var text: String { self.events.withLock { $0.map { "\($0.kind) \($0.fields)" } }.joined(separator: "\n") }

            func record(_ events: [AuditEvent]) async throws { self.events.withLock { $0 += events } }
        }

        /// Runs a closure, and returns its log records at the most verbose level.
        private static func logging(_ body: () async throws -> Void) async throws -> String {
            let handler = InMemoryLogHandler()
            var logger = Logger(label: "test") { _ in handler }
            logger.logLevel = .trace
            try await withLogger(logger) { _ in try await body() }
            return handler.entries
                .map { "\($0.message) \($0.metadata) \($0.error.map { "\($0)" } ?? "")" }
                .joined(separator: "\n")
        }

        @Test("CT-18: no result, log record or audit event contains a code", arguments: Trial.onStoresAndDoors)
        func ct18(trial: Trial) async throws {
            try await trial.run(
                mutant: "an SMS client that logs the text of each message",
                fails: "no log record contains a code"
            ) { findings in
                try await trial.withPlace { place in
                    let events = Events()
                    let sms = RecordingSMSClient { message in
                        if trial.isMutant { Logger.current.debug("Sending", metadata: ["text": "\(message.text)"]) }
                        return .accepted(SMSReceipt(messageID: "m1"))
                    }
                    var shown: [String] = []
                    let log = try await Self.logging {
                        let trail = AuditTrail([events])
                        let service = try await place.service(sms: sms) { setup in
                            setup.audit = trail
                            setup.logger = .current
                        }
                        shown = try await Self.results(service)
                        // The HTTP service logs a request after its response.
                        await place.servers.stop()
                        await trail.flush()
                    }
                    let code = sms.lastCode(to: Service.number)
                    // Identifiers in Base64 may contain six digits, but only next to letters and digits.
                    func shows(_ text: String) -> Bool {
                        text.split { !($0.isLetter || $0.isNumber) }.contains { $0 == code ?? "" }
                    }
                    findings.expect("no result contains a code", shown.count >= 5 && !shown.contains(where: shows))
                    findings.expect("no log record contains a code", !log.isEmpty && !shows(log))
                    findings.expect("no audit event contains a code", !events.text.isEmpty && !shows(events.text))
                }
            }
        }

        /// Returns the texts of the results, errors and HTTP responses of a sign-in.
        private static func results(_ service: Service) async throws -> [String] {
            let challenge = try await service.door.issue(for: Service.number, purpose: .signIn)
            let code = try #require(service.sms.lastCode(to: Service.number))
            let sent = Service.Sent(token: challenge.token, code: code)
            let failure = await service.attempt(wrong(code), sent.token)
            let proof = try await service.proof(of: sent)
            let spent = await service.attempt(code, sent.token)
            return [
                "\(challenge)", String(decoding: try JSONEncoder().encode(challenge), as: UTF8.self),
                "\(failure as Any)", "\(proof) \(String(reflecting: proof))", "\(spent as Any)",
            ] + service.door.responses
        }

        @Test(
            "CT-17: the error is the same for unknown, verified and expired challenges, and for challenges of other numbers",
            arguments: Trial.onStoresAndDoors
        )
        func ct17(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store that distinguishes verified challenges from unknown challenges",
                fails: "all of these errors are equal"
            ) { findings in
                try await trial.withPlace { place in
                    let service = try await place.service(on: Self.rememberingSpent(place))
                    let invented = try ChallengeToken.invented()
                    let expired = try await service.issue(for: Service.otherNumber)
                    try place.pass(300)
                    let spent = try await service.issue()
                    _ = try await service.proof(of: spent)
                    let number = try #require(PhoneNumber(e164: "+6581112222"))
                    let foreign = try await service.issue(for: number)
                    let errors = [
                        await service.attempt("123456", invented),
                        await service.attempt(spent.code, spent.token),
                        await service.attempt(expired.code, expired.token, for: Service.otherNumber),
                        await service.attempt(foreign.code, foreign.token),
                        await service.attempt(foreign.code, foreign.token, for: number, purpose: .registration),
                    ]
                    let texts = errors.map { error in
                        guard let error else { return "no error" }
                        let numbers = (error.httpStatus, error.attemptsRemaining, error.retryAfter)
                        return "\(error.code) \(error.message) \(numbers) \(error.limit as Any)"
                    }
                    findings.expect("all of these errors are equal", Set(texts).count == 1, texts)
                    let live = await service.attempt(wrong(foreign.code), foreign.token, for: number)
                    findings.expect("the holder of the token sees the attempts", live?.attemptsRemaining == 4)
                }
            }
        }

        /// Returns the store of a trial.
        ///
        /// The mutant, a deliberately faulty store, reports a wrong code for a consumed challenge. A response of the HTTP
        /// service would not distinguish an exhausted challenge.
        private static func rememberingSpent(_ place: StorePlace) -> any ServiceStore {
            let spent = Mutex<Set<ChallengeID>>([])
            return place.altered { changes in
                changes.verify = { attempt, step, base in
                    let decision = try await base.verify(attempt, step)
                    if case .matched = decision { spent.withLock { _ = $0.insert(step.challenge.id) } }
                    guard case .absent(let time) = decision, spent.withLock({ $0.contains(step.challenge.id) }) else {
                        return decision
                    }
                    return .mismatched(attemptsRemaining: 0, at: time)
                }
            }
        }

        /// A client that logs the URL of its request.
        private struct LoggingClient: SMSClient {
            let client: any SMSClient

            func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
                let text = PercentEncoding.encode(message.text, uppercase: true) { $0.isASCIIAlphanumeric }
                let url = "https://gateway.example/?To=\(message.recipient.e164.dropFirst())&Message=\(text)"
                Logger.current.debug("Sending", metadata: ["url": "\(url)"])
                return await self.client.send(message, timeout: timeout)
            }
        }

        @Test(
            "T16: when the real gateway client sends a message, the logs and metrics contain no secret",
            arguments: Trial.onStoresAndDoors
        )
        func t16(trial: Trial) async throws {
            try await trial.run(
                mutant: "a gateway client that logs the URL of its request, including the text of the message",
                fails: "no log record contains a secret"
            ) { findings in
                try await trial.withPlace { place in
                    let metrics = TestMetrics()
                    var secrets = ["91234567", "s3cret-of-the-tests"]
                    let log = try await withMetricsFactory(metrics) {
                        try await Self.logging { secrets += try await Self.send(place) }
                    }
                    let labels =
                        metrics.counters.map { "\($0.label) \($0.dimensions)" }
                        + metrics.timers.map { "\($0.label) \($0.dimensions)" }
                    for secret in secrets {
                        findings.expect("no log record contains a secret", !log.isEmpty && !log.contains(secret))
                        findings.expect("no metric contains a secret", !labels.contains { $0.contains(secret) })
                    }
                }
            }
        }

        /// Sends a ten-digit code through the emulator, verifies the code, and returns the secrets of the sign-in.
        private static func send(_ place: StorePlace) async throws -> [String] {
            let credential = try AlibabaCredential(
                accessKeyID: "LTAI-test",
                accessKeySecret: "s3cret-of-the-tests"
            )
            return try await SMSGatewayEmulator.withServer(.init(accessKeys: [credential])) { emulator in
                let client = try AlibabaSMSClient(
                    configuration: AlibabaSMSConfiguration(endpoint: emulator.baseURL, senderID: "Acme"),
                    credentials: .static(credential)
                )
                let service = try await place.service { setup in
                    setup.policy.format = .digits(10)
                    setup.logger = .current
                    setup.gateway = place.isMutant ? LoggingClient(client: client) : client
                }
                let challenge = try await service.door.issue(for: Service.number, purpose: .signIn)
                let texts = await emulator.inbox.messages().map(\.text)
                let code = texts.first?.split { !$0.isNumber }.first { $0.count == 10 }.map(String.init) ?? ""
                _ = await service.attempt(String(code.reversed()), challenge.token)
                _ = await service.attempt(code, challenge.token)
                // The HTTP service logs a request after its response.
                await place.servers.stop()
                try await client.shutdown()
                try #require(code.count == 10)
                return [code, challenge.token.text]
            }
        }
    }
}
