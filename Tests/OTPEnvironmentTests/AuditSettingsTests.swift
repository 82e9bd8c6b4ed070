// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import SendGuard
import Synchronization
import Testing

@testable import OTPEnvironment

/// Tests of the audit sinks that `OTP_AUDIT` and an additional observer configure.
struct AuditSettingsTests {
    private final class Sink: AuditSink {
        private let stored = Mutex<[AuditEvent.Kind]>([])

        var kinds: [AuditEvent.Kind] { self.stored.withLock { $0 } }

        func record(_ events: [AuditEvent]) async throws { self.stored.withLock { $0 += events.map(\.kind) } }
    }

    /// Records two events, and returns the events that the stream and the observer receive.
    private static func kinds(
        _ audit: String?
    ) async throws -> (stream: [AuditEvent.Kind], observer: [AuditEvent.Kind]) {
        let (stream, observer) = (Sink(), Sink())
        let settings = Environment.settings(["OTP_AUDIT": audit])
        let trail = try #require(try settings.auditTrail(stream, observer: observer))
        trail.record(AuditEvent(.issue, at: Date()))
        trail.record(AuditEvent(.unlock, at: Date(), [.operatorName: "alice"]))
        await trail.flush()
        return (stream.kinds, observer.kinds)
    }

    @Test func observerReceivesAllEvents() async throws {
        for audit in [nil, "log", "redis", "log,redis"] {
            #expect(try await Self.kinds(audit).observer == [.issue, .unlock], "\(audit ?? "-")")
        }
    }

    @Test func streamReceivesEventsOnlyWithTheSetting() async throws {
        #expect(try await Self.kinds(nil).stream.isEmpty)
        #expect(try await Self.kinds("redis").stream == [.issue, .unlock])
        #expect(try await Self.kinds("log").stream.isEmpty)
    }

    @Test func thereIsNoTrailWithoutASink() throws {
        #expect(try Environment.settings().auditTrail(Sink()) == nil)
    }
}
