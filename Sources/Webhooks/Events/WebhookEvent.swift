// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import JSONOutput

/// The event in a webhook, without a code, a token or a full phone number.
package struct WebhookEvent: Sendable {
    /// The type of an event.
    package enum Kind: String, Sendable, CaseIterable {
        case issued = "otp.verification.issued"
        case verified = "otp.verification.verified"
        case failed = "otp.verification.failed"
        case locked = "otp.verification.locked"
        case sent = "otp.message.sent"
        case rejected = "otp.message.rejected"
        case delivered = "otp.message.delivered"
        case undelivered = "otp.message.undelivered"
    }

    /// A member of the object `data` in the body.
    package enum Member: String, Sendable, CaseIterable {
        case challengeID, tenant, purpose, number, region, messageID, outcome, reason, retryAfter
    }

    package let kind: Kind
    package let time: Date
    package let data: [(member: Member, value: JSONText)]

    /// The body of the webhook.
    package var body: [UInt8] {
        let document: JSONText = [
            "type": .string(self.kind.rawValue), "timestamp": .string(self.time.rfc3339),
            "data": .object(self.data.map { (name: $0.member.rawValue, value: $0.value) }),
        ]
        return document.bytes
    }
}
