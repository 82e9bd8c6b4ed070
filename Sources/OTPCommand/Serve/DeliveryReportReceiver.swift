// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import Metrics
import OTP
import OTPServer
import SendGuard
import TextFormats

/// Records delivery reports from the gateway as metrics and audit events.
///
/// The gateway does not sign its reports, so a report never changes a challenge or a limit.
struct DeliveryReportReceiver: Sendable {
    /// The maximum difference in seconds between the current time and the time in a report.
    static let maximumAge: TimeInterval = 300

    private let handler: DeliveryReportHandler
    private let trail: AuditTrail?
    private let now: @Sendable () -> Date

    /// Creates a receiver.
    ///
    /// - Parameters:
    ///   - handler: The handler, which authenticates, parses and deduplicates reports.
    ///   - trail: The trail of the audit events; `nil` to record only metrics.
    ///   - now: A closure that returns the current time.
    init(_ handler: DeliveryReportHandler, trail: AuditTrail?, now: @escaping @Sendable () -> Date = { Date() }) {
        self.handler = handler
        self.trail = trail
        self.now = now
    }

    /// The route for delivery reports.
    var routes: DeliveryReportRoutes {
        DeliveryReportRoutes(accepts: { self.handler.accepts(path: $0) }, receive: self.receive)
    }

    func receive(_ secret: String, _ body: [UInt8]) async throws(HTTPProblem) -> [UInt8] {
        let response = await self.handler.handle(path: secret, body: body) { self.record($0) }
        Self.count("duplicate", response.duplicateCount)
        Self.count("malformed", response.ignoredCount)
        switch response.status {
        case 200: return response.body
        case 404: throw HTTPProblem(.notFound)
        default: throw HTTPProblem(.invalidRequest, "The body is not a JSON array of at most 1,000 delivery reports.")
        }
    }

    private func record(_ reports: [DeliveryReport]) {
        let now = self.now()
        for report in reports {
            guard report.isRecent(at: now) else {
                Self.count("stale", 1)
                continue
            }
            Self.count("\(report.status)", 1)
            self.trail?.record(AuditEvent(report, at: now))
        }
    }

    private static func count(_ outcome: String, _ count: Int) {
        guard count > 0 else { return }
        Counter(label: "otp.delivery_reports", dimensions: [("outcome", outcome)]).increment(by: count)
    }
}

extension DeliveryReport {
    /// Returns whether the report is recent: `sendDate` or `receiveDate`, whichever is later, is close to the current time.
    ///
    /// A report without a date is not considered recent, because it can be a copy of an old report.
    fileprivate func isRecent(at now: Date) -> Bool {
        guard let date = [self.sendDate, self.receiveDate].compactMap(\.self).max() else { return false }
        return abs(now.timeIntervalSince(date)) <= DeliveryReportReceiver.maximumAge
    }
}

extension AuditEvent {
    /// Creates the event of a delivery report.
    ///
    /// The event contains no phone number. The ID of the challenge comes from the report's `taskID`.
    fileprivate init(_ report: DeliveryReport, at time: Date) {
        self.init(.delivery, at: time, [.message: report.messageID, .outcome: "\(report.status)"])
        self[.challenge] = report.taskID.flatMap { DispatchID($0) }?.challengeID
        if report.status != .delivered { self[.reason] = report.errorCode.flatMap(Self.code) }
    }

    /// Returns a carrier's error code; `nil` if the text is not such a code.
    ///
    /// A code has 1–32 ASCII letters, digits and characters of `._:-`. A text with more than 6 digits is not accepted, because
    /// it could contain a phone number.
    private static func code(_ text: String) -> String? {
        let isCode =
            (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0.isASCIIAlphanumeric || "._:-".utf8.contains($0) }
            && text.utf8.count(where: \.isASCIIDigit) <= 6
        return isCode ? text : nil
    }
}
