import Foundation
import JSONOutput
import OTP
import SMSKit

/// A challenge as it is printed.
struct ChallengeReport: Encodable {
    struct Delivery: Encodable {
        var status: String
        var messageID: String?
        var requestID: String?
    }

    var token: String?
    var to: String
    var expiresAt: Date
    var resendAt: Date
    var attemptsRemaining: Int
    var delivery: Delivery

    init(_ challenge: Challenge, to number: PhoneNumber) {
        self.token = challenge.token?.text
        self.to = number.description
        self.expiresAt = challenge.expiresAt
        self.resendAt = challenge.resendAt
        self.attemptsRemaining = challenge.attemptsRemaining
        self.delivery =
            switch challenge.delivery {
            case .accepted(let id): Delivery(status: "accepted", messageID: id, requestID: challenge.requestID)
            case .unknown: Delivery(status: "unknown", requestID: challenge.requestID)
            }
    }
}

extension Output {
    /// Prints a challenge: the token alone on standard output, fit for `TOKEN=$(otp issue …)`.
    func show(_ challenge: Challenge, of number: PhoneNumber) throws {
        let report = ChallengeReport(challenge, to: number)
        let delivery =
            report.delivery.status == "accepted"
            ? "sent to \(report.to)" : "perhaps sent to \(report.to): the gateway did not answer, the code is live"
        let details = "\(report.attemptsRemaining) attempts, until \(report.expiresAt.rfc3339)"
        if let token = report.token {
            try self.show(report, lines: token)
            self.note("\(delivery); \(details); again from \(report.resendAt.rfc3339)")
        } else {
            try self.show(report, lines: "\(delivery); \(details); again from \(report.resendAt.rfc3339)")
        }
    }
}
