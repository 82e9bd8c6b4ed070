// SPDX-License-Identifier: Apache-2.0

#if Tracing
    import InMemoryTracing
    import OTPTesting
    import SMSKit
    import Testing
    import Tracing

    @testable import OTP

    /// Tests of the spans of calls, store steps and sends.
    @Suite struct TracingTests {
        private struct Recorded: Equatable {
            var name: String
            var parent: String?
            var attributes: [String: String]
        }

        /// Returns all texts of a span except identifiers and times.
        ///
        /// The digits of identifiers and times may look like a code.
        private static func text(_ span: FinishedInMemorySpan) -> String {
            var text = "\(span.operationName) \(span.errors) \(span.events) \(String(describing: span.status))"
            span.attributes.forEach { key, value in text += " \(key)=\(value)" }
            return text
        }

        private static func spans(_ tracer: InMemoryTracer) -> [Recorded] {
            let finished = tracer.finishedSpans
            let names = Dictionary(finished.map { ($0.spanID, $0.operationName) }) { first, _ in first }
            return finished.map { span in
                var attributes: [String: String] = [:]
                span.attributes.forEach { key, value in
                    if case .string(let text) = value { attributes[key] = text }
                }
                return Recorded(
                    name: span.operationName,
                    parent: span.parentSpanID.flatMap { names[$0] },
                    attributes: attributes
                )
            }
        }

        @Test func aCallHasSpansForItsStoreStepAndItsSend() async throws {
            let tracer = InMemoryTracer()
            let fixture = try Fixture(tracing: OTPTracing(tracer: tracer))
            let (token, code) = try await fixture.issue()
            #expect(Self.spans(tracer).map(\.name) == ["otp.store", "sms.send", "otp.issue"])
            #expect(Self.spans(tracer).map(\.parent) == ["otp.issue", "otp.issue", nil])
            tracer.clearFinishedSpans()
            _ = await fixture.verify(wrong(code), token: token)
            let spans = Self.spans(tracer)
            #expect(spans.map(\.name) == ["otp.store", "otp.verify"])
            #expect(spans[0].attributes == ["db.stored_procedure.name": "verify"])
            #expect(
                spans[1].attributes
                    == ["otp.purpose": "registration", "otp.region": "SG", "error.type": "incorrectCode"]
            )
            #expect(tracer.activeSpans.isEmpty)
        }

        @Test func aFailedStoreStepIsRecordedByItsCodeOnly() async throws {
            let tracer = InMemoryTracer()
            let otp = try OTPService(
                store: BrokenStore(),
                proofs: BrokenStore(),
                sms: RecordingSMSClient(),
                keys: try Fixture.keys(),
                policy: OTPPolicy(destinations: [.singapore]),
                messages: try MessageTemplates(brand: "Acme"),
                clock: ManualClock(),
                tracing: OTPTracing(tracer: tracer)
            )
            await #expect(throws: OTPError.self) { try await otp.issue(for: Fixture.number, purpose: .signIn) }
            for span in tracer.finishedSpans {
                #expect(span.errors.isEmpty && span.events.isEmpty)
                #expect(span.status?.code == .error)
            }
            #expect(Self.spans(tracer).allSatisfy { $0.attributes["error.type"] == "storeUnavailable" })
            #expect(tracer.finishedSpans.count == 2)
        }

        @Test func noSpanHoldsACodeANumberATokenOrAText() async throws {
            let tracer = InMemoryTracer()
            var secrets = ["91234567", "98765432", "Acme"]
            let outcomes: [SMSSendOutcome] = [
                .accepted(SMSReceipt(messageID: "m1", requestID: "r1")),
                .rejected(SMSError(code: "x", kind: .number, message: "refused +6591234567")),
                .unknown(SMSError(code: "timeout", kind: .transient, message: "no reply for +6591234567")),
            ]
            for outcome in outcomes {
                let fixture = try Fixture(tracing: OTPTracing(tracer: tracer), outcome: { _ in outcome })
                let challenge = try? await fixture.otp.issue(for: Fixture.number, purpose: .registration)
                let code = try #require(fixture.sms.lastCode(to: Fixture.number))
                secrets.append(code)
                guard let token = challenge?.token else { continue }
                secrets.append(token.text)
                _ = await fixture.verify(wrong(code), token: token)
                _ = try? await fixture.otp.resend(for: Fixture.number, token: token, purpose: .registration)
                _ = try? await fixture.otp.status(for: Fixture.number, token: token)
                let proof = try await fixture.otp.verify(
                    code,
                    for: Fixture.number,
                    token: token,
                    purpose: .registration
                )
                secrets.append(proof.token)
                try await fixture.otp.redeem(proof.token, for: Fixture.number, purpose: .registration)
                _ = try? await fixture.otp.issueTokenless(for: Fixture.otherNumber, purpose: .signIn)
                secrets.append(try #require(fixture.sms.lastCode(to: Fixture.otherNumber)))
                try? await fixture.otp.cancel(for: Fixture.number, token: token)
                try await fixture.otp.unlock(for: Fixture.number)
            }
            let spans = tracer.finishedSpans.map(Self.text).joined(separator: "\n")
            #expect(tracer.finishedSpans.count > 25)
            for secret in secrets { #expect(!spans.contains(secret), "a secret is in a span") }
            let names = Set(Self.spans(tracer).flatMap(\.attributes.keys))
            let known: Set = [
                "otp.purpose", "otp.region", "error.type", "db.stored_procedure.name", "sms.outcome", "sms.message.id",
                "sms.request.id",
            ]
            #expect(names == known)
        }
    }
#endif
