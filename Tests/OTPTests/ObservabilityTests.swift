// SPDX-License-Identifier: Apache-2.0

import InMemoryLogging
import Logging
import Metrics
import MetricsTestKit
import OTP
import OTPTesting
import SMSKit
import Testing

/// Tests of the log records and metrics of a service.
@Suite struct ObservabilityTests {
    private func entries(
        _ level: Logger.Level = .info,
        _ body: () async throws -> Void
    ) async throws -> [InMemoryLogHandler.Entry] {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = level
        try await withLogger(logger) { _ in try await body() }
        return handler.entries
    }

    private func issue(_ outcome: SMSSendOutcome) async throws -> [InMemoryLogHandler.Entry] {
        try await self.entries {
            let fixture = try Fixture(outcome: { _ in outcome })
            _ = try? await fixture.otp.issue(for: Fixture.number, purpose: .registration)
        }
    }

    @Test func acceptedMessageIsLoggedWithItsIdentifiers() async throws {
        let entries = try await self.issue(.accepted(SMSReceipt(messageID: "m1", requestID: "r1")))
        #expect(entries.map { "\($0.message)" } == ["Code sent"])
        #expect(entries.first?.level == .info)
        #expect(entries.first?.metadata == ["sms.message.id": "m1", "sms.request.id": "r1"])
    }

    @Test func lanesOfSendsAndAttemptsAreCounted() async throws {
        let factory = TestMetrics()
        try await withMetricsFactory(factory) {
            let fixture = try Fixture { $0.deviceLane = DeviceLane() }
            let (token, code) = try await fixture.issue()
            let number = Fixture.number
            let proof = try await fixture.otp.verify(code, for: number, token: token, purpose: .registration)
            fixture.clock.advance(by: .seconds(3_600))
            let client = ClientInfo(deviceToken: fixture.otp.deviceToken(for: proof))
            let known = try await fixture.otp.issue(for: number, purpose: .registration, client: client)
            #expect(await fixture.verify(wrong(fixture.sms.lastCode(to: number)!), token: known.token) != nil)
        }
        for (name, dimensions) in [
            ("otp.sends", [("outcome", "accepted"), ("lane", "open")]),
            ("otp.sends", [("outcome", "accepted"), ("lane", "device")]),
            ("otp.verify", [("purpose", "registration"), ("outcome", "ok"), ("lane", "open")]),
            ("otp.verify", [("purpose", "registration"), ("outcome", "incorrectCode"), ("lane", "device")]),
        ] {
            #expect(try factory.expectCounter(name, dimensions).totalValue == 1, "\(name) \(dimensions)")
        }
    }

    @Test func missingIdentifiersAreNotLogged() async throws {
        let entries = try await self.issue(.accepted(SMSReceipt(messageID: "m1")))
        #expect(entries.first?.metadata == ["sms.message.id": "m1"])
    }

    @Test func emptyTextsOfAClientAreNotLogged() async throws {
        let accepted = try await self.issue(.accepted(SMSReceipt(messageID: "", requestID: "")))
        #expect(accepted.map(\.metadata) == [[:]])
        let rejected = try await self.issue(.rejected(SMSError(code: "", kind: .number, message: "no", requestID: "")))
        #expect(rejected.map(\.metadata) == [["sms.error.kind": "number"]])
    }

    @Test func sendThatIsRefusedBeforeTheClientIsAWarning() async throws {
        let (released, release) = AsyncStream<Void>.makeStream()
        let entries = try await self.entries {
            let fixture = try Fixture(
                policy: { ($0.maximumOverdueSends, $0.maximumPendingSends) = (1, 1) },
                outcome: { _ in
                    for await _ in released {}
                    return .accepted(SMSReceipt(messageID: "m1"))
                }
            )
            async let first = fixture.otp.issue(for: Fixture.number, purpose: .registration)
            while fixture.sms.messages.isEmpty { await Task.yield() }
            await #expect(throws: OTPError.self) {
                try await fixture.otp.issue(for: Fixture.otherNumber, purpose: .registration)
            }
            release.finish()
            _ = try await first
        }
        #expect(entries.map { "\($0.message)" } == ["SMS not sent", "Code sent"])
        #expect(entries.first?.level == .warning)
        #expect(entries.first?.metadata == ["sms.error.code": "pendingSends", "sms.error.kind": "transient"])
    }

    @Test func unknownOutcomeIsAWarning() async throws {
        let error = SMSError(code: "timeout", kind: .transient, message: "no reply", requestID: "r1")
        let entries = try await self.issue(.unknown(error))
        #expect(entries.map { "\($0.message)" } == ["SMS outcome unknown"])
        #expect(entries.first?.level == .warning)
        let expected: Logger.Metadata = [
            "sms.error.code": "timeout", "sms.error.kind": "transient", "sms.request.id": "r1",
        ]
        #expect(entries.first?.metadata == expected)
    }

    @Test(arguments: [
        (SMSError.Kind.auth, Logger.Level.error), (.balance, .error), (.account, .error), (.number, .warning),
        (.throttled, .warning), (.limit, .warning), (.content, .warning), (.transient, .warning), (.caller, .warning),
        (.unknown, .warning),
    ])
    func rejectionIsAnErrorIfAnOperatorMustAct(kind: SMSError.Kind, level: Logger.Level) async throws {
        let entries = try await self.issue(.rejected(SMSError(code: "Some.Code", kind: kind, message: "no")))
        #expect(entries.map { "\($0.message)" } == ["SMS rejected"])
        #expect(entries.first?.level == level)
        #expect(entries.first?.metadata == ["sms.error.code": "Some.Code", "sms.error.kind": "\(kind)"])
    }

    @Test func failedStoreStepIsAnErrorWithItsCause() async throws {
        let entries = try await self.entries {
            let otp = try Fixture.service(on: BrokenStore())
            _ = try? await otp.issue(for: Fixture.number, purpose: .registration)
            try? await otp.unlock(for: Fixture.number)
        }
        #expect(entries.map { "\($0.message)" } == ["Store step failed", "Store step failed"])
        #expect(entries.allSatisfy { $0.level == .error })
        #expect(entries.map { $0.metadata["otp.store.step"] } == ["issue", "unlock"])
        #expect(entries.allSatisfy { $0.metadata["otp.error"] == "Gone()" })
    }

    @Test func missingKeyIsAnError() async throws {
        let entries = try await self.entries {
            let old = try Fixture(keys: try Fixture.keys(code: ["k1"]))
            let (token, code) = try await old.issue()
            let new = try Fixture(keys: try Fixture.keys(code: ["k2"]), store: old.store)
            _ = await new.verify(code, token: token)
        }
        let errors = entries.filter { $0.level == .error }
        #expect(errors.map { "\($0.message)" } == ["Key of a code is not in the ring"])
        let cause = "keyUnavailable: the key of the code is not in the ring: issue a new code"
        #expect(errors.map(\.metadata) == [["otp.purpose": "registration", "otp.error": "\(cause)"]])
    }

    @Test func callsStoreStepsAndSendsAreTimed() async throws {
        let metrics = TestMetrics()
        try await withMetricsFactory(metrics) {
            let fixture = try Fixture()
            let (token, code) = try await fixture.issue()
            _ = await fixture.verify(wrong(code), token: token)
            _ = await fixture.verify(code, token: token)
        }
        #expect(try metrics.expectTimer("otp.issue.duration").values.count == 1)
        #expect(try metrics.expectTimer("otp.verify.duration").values.count == 2)
        #expect(try metrics.expectTimer("otp.send.duration").values.count == 1)
        #expect(try metrics.expectTimer("otp.store.duration", [("step", "verify")]).values.count == 2)
        #expect(try metrics.expectTimer("otp.store.duration", [("step", "issue")]).values.count == 1)
        let wrongCodes = [("purpose", "registration"), ("outcome", "incorrectCode"), ("lane", "open")]
        #expect(try metrics.expectCounter("otp.verify", wrongCodes).totalValue == 1)
        let accepted = [("outcome", "accepted"), ("lane", "open")]
        #expect(try metrics.expectCounter("otp.sends", accepted).totalValue == 1)
    }

    @Test func unknownAndRejectedSendsAreCountedByKind() async throws {
        let metrics = TestMetrics()
        let error = SMSError(code: "x", kind: .transient, message: "no")
        try await withMetricsFactory(metrics) {
            for outcome in [SMSSendOutcome.unknown(error), .rejected(error), .unknown(error)] {
                let fixture = try Fixture(outcome: { _ in outcome })
                _ = try? await fixture.otp.issue(for: Fixture.number, purpose: .registration)
            }
        }
        func count(_ outcome: String) throws -> Int64 {
            try metrics.expectCounter(
                "otp.sends",
                [("outcome", outcome), ("kind", "transient"), ("lane", "open")]
            )
            .totalValue
        }
        #expect(try count("unknown") == 2)
        #expect(try count("rejected") == 1)
    }

    @Test func inventedPurposesDoNotFillTheMemory() async throws {
        let metrics = TestMetrics()
        try await withMetricsFactory(metrics) {
            let fixture = try Fixture()
            for number in 0..<1_100 {
                let purpose = try #require(OTPPurpose(rawValue: "purpose-\(number)"))
                _ = try? await fixture.otp.verifyTokenless("123456", for: Fixture.number, purpose: purpose)
            }
        }
        let last = [("purpose", "purpose-1099"), ("outcome", "expired"), ("lane", "open")]
        #expect(try metrics.expectCounter("otp.verify", last).totalValue == 1)
    }
}
