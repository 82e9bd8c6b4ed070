import FoundationEssentials
import TextFormats

/// How long messages are on their way.
public struct DeliverySchedule: Sendable, Hashable {
    /// From when a message is taken until it leaves for the carrier.
    public var submission: Duration

    /// From then until the phone has it, or it is known that it will not.
    public var delivery: Duration

    /// Creates a schedule.
    ///
    /// - Parameters:
    ///   - submission: From when a message is taken until it leaves for the carrier.
    ///   - delivery: From then until the phone has it, or it is known that it will not.
    public init(submission: Duration = .seconds(1), delivery: Duration = .seconds(2)) {
        self.submission = submission
        self.delivery = delivery
    }

    /// What will happen to a message, in order.
    ///
    /// The validity of a message ends its time before it leaves; once it has left, nothing does.
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
