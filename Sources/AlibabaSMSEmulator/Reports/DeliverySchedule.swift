// SPDX-License-Identifier: Apache-2.0

import TextFormats

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The delays between the delivery events of a message.
public struct DeliverySchedule: Sendable, Hashable {
    /// The delay between acceptance and submission to the carrier.
    public var submission: Duration

    /// The delay between submission and the final status.
    public var delivery: Duration

    /// Creates a schedule.
    ///
    /// - Parameters:
    ///   - submission: The delay between acceptance and submission to the carrier.
    ///   - delivery: The delay between submission and the final status.
    public init(submission: Duration = .seconds(1), delivery: Duration = .seconds(2)) {
        self.submission = submission
        self.delivery = delivery
    }

    /// Returns the future events of a message in chronological order.
    ///
    /// A message can expire only before its submission. After the submission, the validity period has no effect.
    func steps(of message: InboxMessage, fault: Fault?) -> [InboxMessage.Event] {
        let start = message.receivedAt
        let submission = max(0, self.submission.inSeconds)
        if let validity = message.validityPeriod, Double(validity) < submission {
            return [InboxMessage.Event(.expired, at: start.addingTimeInterval(Double(validity)), detail: "EXPIRED")]
        }
        let submitted = start.addingTimeInterval(submission)
        var end = submitted.addingTimeInterval(max(0, self.delivery.inSeconds))
        var last = InboxMessage.Event(.delivered, at: end, detail: "DELIVERED")
        switch fault?.effect {
        case .undelivered(let code): last = InboxMessage.Event(.failed, at: end, detail: code)
        case .reportDelay(let delay):
            end += delay.inSeconds
            last = InboxMessage.Event(.delivered, at: end, detail: "DELIVERED")
        default: break
        }
        return [InboxMessage.Event(.submitted, at: submitted), last]
    }
}
