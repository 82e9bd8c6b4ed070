// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONOutput
import OTP
import SMSKit

/// The output of a command that issues or resends a code.
struct ChallengeReport: Encodable {
    struct Delivery: Encodable {
        var status: String
        var messageID: String?
        var requestID: String?
    }

    var token: String?
    var to: String
    var expiresAt: Date
    var resendAt: Date?
    var attemptsRemaining: Int
    var delivery: Delivery

    init(_ challenge: Challenge, to number: PhoneNumber) {
        self.token = challenge.token.text
        self.to = number.description
        self.expiresAt = challenge.expiresAt
        self.resendAt = challenge.resendAllowedAt
        self.attemptsRemaining = challenge.attemptsRemaining
        self.delivery = Delivery(challenge.delivery, challenge.requestID)
    }

    init(_ challenge: TokenlessChallenge, to number: PhoneNumber) {
        self.to = number.description
        self.expiresAt = challenge.expiresAt
        self.resendAt = challenge.resendAllowedAt
        self.attemptsRemaining = challenge.attemptsRemaining
        self.delivery = Delivery(challenge.delivery, challenge.requestID)
    }
}

extension ChallengeReport.Delivery {
    fileprivate init(_ delivery: Challenge.Delivery, _ requestID: String?) {
        self.init(status: delivery.description, messageID: delivery.messageID, requestID: requestID)
    }
}

extension Output {
    /// Prints the report about a challenge.
    ///
    /// Without `--json`, standard output contains only the token, so that `TOKEN=$(otp issue …)` works.
    func show(_ report: ChallengeReport) throws {
        let delivery =
            report.delivery.status == "accepted"
            ? "sent to \(report.to)" : "possibly sent to \(report.to): the gateway did not respond, the code is live"
        let resend = report.resendAt.map { "again from \($0.rfc3339)" } ?? "no resend before it expires"
        let details = "\(report.attemptsRemaining) attempts, until \(report.expiresAt.rfc3339)"
        if let token = report.token {
            try self.show(report, lines: token)
            self.note("\(delivery); \(details); \(resend)")
        } else {
            try self.show(report, lines: "\(delivery); \(details); \(resend)")
        }
    }
}
