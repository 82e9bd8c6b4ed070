// SPDX-License-Identifier: Apache-2.0

#if Tracing
    import AlibabaSMS
    import AlibabaSMSEmulator
    import Foundation
    import InMemoryLogging
    import InMemoryTracing
    import Logging
    import Metrics
    import MetricsTestKit
    import OTP
    import OTPTesting
    import SMSKit
    import Testing
    import Tracing

    /// Tests of the logs, metrics and spans of whole flows, from the service to the gateway and its faults.
    ///
    /// No span, log record or metric label may contain a code, phone number, token, key or text.
    @Suite struct WholeFlowSecrecyTests {
        private static let keys = KeyRing.makeText()
        private static let securityToken = "TokenOfTheTests"

        /// The observed output of the library, and the secrets that the output must not contain.
        private struct Observation {
            let logs = InMemoryLogHandler()
            let metrics = TestMetrics()
            let tracer = InMemoryTracer()
            var secrets: Set<String>

            init(keys: String) {
                let keyParts = keys.split { ":,".contains($0) }.filter { $0.count > 20 }.map(String.init)
                self.secrets = Set(keyParts).union(["LTAI-test", Fixture.secret, WholeFlowSecrecyTests.securityToken])
            }

            /// Runs a closure, and records its log records, metrics and spans.
            func record<Result>(_ body: () async throws -> Result) async throws -> Result {
                var logger = Logger(label: "test") { _ in self.logs }
                logger.logLevel = .trace
                return try await withLogger(logger) { _ in
                    try await withMetricsFactory(self.metrics) { try await withTracer(self.tracer, body) }
                }
            }

            /// The spans without identifiers and times.
            ///
            /// The digits of identifiers and times may look like a code.
            var spans: [String] {
                self.tracer.finishedSpans.map { span in
                    var text = "\(span.operationName) \(span.errors) \(span.events) \(span.links)"
                    text += " \(span.status?.message ?? "")"
                    span.attributes.forEach { text += " \($0)=\($1)" }
                    return text
                }
            }

            var logEntries: [String] {
                self.logs.entries.map { entry in
                    "\(entry.message) \(entry.metadata) \(entry.error.map { "\($0)" } ?? "")"
                }
            }

            var metricLabels: [String] {
                let labels =
                    self.metrics.counters.map { ($0.label, $0.dimensions) }
                    + self.metrics.timers.map { ($0.label, $0.dimensions) }
                    + self.metrics.meters.map { ($0.label, $0.dimensions) }
                    + self.metrics.recorders.map { ($0.label, $0.dimensions) }
                return labels.map { "\($0.0) \($0.1)" }
            }

            func expectClean(_ fault: String) {
                for (what, texts) in [("span", self.spans), ("log", self.logEntries), ("metric", self.metricLabels)] {
                    #expect(!texts.isEmpty, "no \(what) with \(fault)")
                    for text in texts {
                        for secret in self.secrets where text.contains(secret) {
                            Issue.record("a \(what) with \(fault) contains a secret: \(text)")
                        }
                    }
                }
            }
        }

        static let faults: [[FaultRule]] = [
            [], [FaultRule(.reject(code: "MOBILE_NUMBER_ILLEGAL"))], [FaultRule(.reject(code: "AMOUNT_NOT_ENOUGH"))],
            [FaultRule(.reject(code: "Throttling.User"), count: 1)], [FaultRule(.reject(code: "To.6591234567"))],
            [FaultRule(.unreachable)], [FaultRule(.acceptThenClose)], [FaultRule(.http(status: 502))],
            [FaultRule(.garbage(afterProcessing: true))], [FaultRule(.hang())], [FaultRule(.duplicate)],
            [FaultRule(.clockSkew(by: .seconds(3600)))], [FaultRule(.undelivered())],
        ]

        @Test(arguments: faults) func nothingObservedContainsASecret(rules: [FaultRule]) async throws {
            var observation = Observation(keys: Self.keys)
            let credential = try Fixture.credential(token: Self.securityToken)
            try await SMSGatewayEmulator.withServer(.init(accessKeys: [credential])) { emulator in
                emulator.setFaults(FaultSettings(rules, usesMagicNumbers: false))
                let secrets = try await withClient(emulator.baseURL, credential: credential) {
                    $0.readTimeout = .milliseconds(300)
                    $0.initialBackOff = .milliseconds(1)
                } _: { client in
                    try await observation.record {
                        var flow = try Flow(client: client, inbox: emulator.inbox, keys: KeyRing(text: Self.keys))
                        try await flow.run()
                        return flow.secrets
                    }
                }
                observation.secrets.formUnion(secrets)
            }
            observation.expectClean(rules.first.map { "\($0.fault)" } ?? "no fault")
        }
    }
#endif
