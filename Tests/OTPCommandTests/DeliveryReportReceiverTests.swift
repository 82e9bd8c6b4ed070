// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import OTP
import OTPServer
import OTPTesting
import SMSKit
import SendGuard
import Synchronization
import Testing

@testable import OTPCommand

/// Tests that a delivery report causes at most an audit event, and that old and repeated reports cause no event (REQ-65).
@Suite(.timeLimit(.minutes(1))) struct DeliveryReportReceiverTests {
    private static let secret = "s3cret-of-the-path"
    private static let now = Date(timeIntervalSince1970: 1_637_807_133)

    private final class Sink: AuditSink {
        private let stored = Mutex<[AuditEvent]>([])

        var events: [AuditEvent] { self.stored.withLock { $0 } }

        func record(_ events: [AuditEvent]) async throws { self.stored.withLock { $0 += events } }
    }

    /// A receiver with its audit events.
    private struct Bench {
        let sink = Sink()
        let trail: AuditTrail
        let receiver: DeliveryReportReceiver

        init(secondsLater seconds: TimeInterval = 0) throws {
            let now = DeliveryReportReceiverTests.now + seconds
            self.trail = AuditTrail([self.sink])
            self.receiver = DeliveryReportReceiver(
                try DeliveryReportHandler(secret: DeliveryReportReceiverTests.secret),
                trail: self.trail,
                now: { now }
            )
        }

        /// Passes a push to the receiver, and returns the events so far.
        func push(_ text: String) async throws -> [AuditEvent] {
            let body = try await self.receiver.receive(DeliveryReportReceiverTests.secret, Array(text.utf8))
            #expect(body == Array(#"{"code":0,"msg":"received"}"#.utf8))
            await self.trail.flush()
            return self.sink.events
        }
    }

    /// Returns a push in the format of the gateway.
    private static func push(_ fields: [String: String] = [:]) throws -> String {
        let report = [
            "MessageId": "123450000", "Status": "1", "To": "6591234567",
            "SendDate": "Thu, 25 Nov 2021 10:25:00 +0800", "ReceiveDate": "Thu, 25 Nov 2021 10:25:33 +0800",
            "ErrorCode": "success",
        ]
        let merged = report.merging(fields) { $1 }.filter { !$0.value.isEmpty }
        return String(decoding: try JSONEncoder().encode([merged]), as: UTF8.self)
    }

    @Test func reportBecomesAnEventOfItsChallenge() async throws {
        let sms = RecordingSMSClient()
        let otp = try OTPService(
            store: InMemoryOTPStore(),
            sms: sms,
            keys: KeyRing(text: KeyRing.makeText()),
            policy: OTPPolicy(destinations: [.singapore]),
            messages: MessageTemplates(brand: "Acme")
        )
        let challenge = try await otp.issue(for: PhoneNumber("+6591234567"), purpose: .signIn)
        let dispatchID = try #require(sms.messages.last?.dispatchID)
        let events = try await Bench().push(try Self.push(["TaskId": dispatchID]))
        let event = try #require(events.first)
        #expect(event.kind == .delivery && event.time == Self.now && events.count == 1)
        #expect(
            event.fields == [
                .challenge: challenge.token.challengeID, .message: "123450000", .outcome: "delivered",
            ]
        )
        // The event permits no conclusion about the number, and the challenge is as before.
        #expect(!"\(event)".contains("91234567"))
        #expect(try await otp.status(for: PhoneNumber("+6591234567"), token: challenge.token).attemptsRemaining == 5)
    }

    @Test(arguments: [("2", "failed"), ("6", "expired"), ("9", "other")])
    func otherStatusHasAReason(status: String, outcome: String) async throws {
        let events = try await Bench().push(try Self.push(["Status": status, "ErrorCode": "UNDELIV"]))
        #expect(events.first?.fields == [.message: "123450000", .outcome: outcome, .reason: "UNDELIV"])
    }

    @Test(arguments: ["+6591234567", "no such number", "a\nb", String(repeating: "x", count: 33), "error-91234567"])
    func textThatIsNoCodeIsOmitted(text: String) async throws {
        let events = try await Bench().push(try Self.push(["Status": "2", "ErrorCode": text]))
        #expect(events.count == 1 && events.first?[.reason] == nil)
    }

    @Test(arguments: ["67890", "", String(repeating: "!", count: 38), String(repeating: "A", count: 39)])
    func otherTaskIDNamesNoChallenge(taskID: String) async throws {
        let events = try await Bench().push(try Self.push(["TaskId": taskID]))
        #expect(events.count == 1 && events.first?[.challenge] == nil)
    }

    @Test func repeatedReportCausesOneEvent() async throws {
        let bench = try Bench()
        for _ in 0..<3 { #expect(try await bench.push(try Self.push()).count == 1) }
        #expect(try await bench.push(try Self.push(["Status": "2"])).count == 2)
    }

    @Test(arguments: [(-301.0, 0), (-300, 1), (300, 1), (301, 0), (86_400, 0)])
    func reportOfAnotherTimeCausesNoEvent(seconds: TimeInterval, count: Int) async throws {
        #expect(try await Bench(secondsLater: seconds).push(try Self.push()).count == count)
    }

    @Test func reportWithoutADateCausesNoEvent() async throws {
        let bench = try Bench()
        #expect(try await bench.push(try Self.push(["SendDate": "", "ReceiveDate": ""])).isEmpty)
        #expect(try await bench.push(try Self.push(["MessageId": "2", "ReceiveDate": ""])).count == 1)
    }

    @Test(arguments: ["", "{}", "[", "[1,2", #"{"a":[]}"#]) func malformedPushIsRefused(text: String) async throws {
        let receiver = try Bench().receiver
        let error = await #expect(throws: HTTPProblem.self) {
            _ = try await receiver.receive(Self.secret, Array(text.utf8))
        }
        #expect(error?.code == .invalidRequest)
        let forged = await #expect(throws: HTTPProblem.self) {
            _ = try await receiver.receive("another-secret-of-a-path", Array(try Self.push().utf8))
        }
        #expect(forged?.code == .notFound)
    }

    @Test func entriesThatAreNoReportsAreSkipped() async throws {
        let push = "[1,{},\(try Self.push().dropFirst().dropLast())]"
        #expect(try await Bench().push(push).count == 1)
    }
}
