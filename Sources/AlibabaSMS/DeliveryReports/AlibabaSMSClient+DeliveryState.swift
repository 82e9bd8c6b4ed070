import Deadlines
import SMSKit

/// How far a message has come, as asking the gateway tells it.
public enum DeliveryState: Sendable {
    /// It reached the telephone.
    case delivered(QueryMessage.Response)

    /// It will not reach the telephone.
    case failed(QueryMessage.Response)

    /// It was still on its way, or not known to the gateway yet, when the time ran out.
    case pending(QueryMessage.Response?)

    /// The gateway could not be asked.
    case unavailable(AlibabaSMSError)
}

extension AlibabaSMSClient {
    /// Asks the gateway again and again what became of a message, until it is decided or the time runs out.
    ///
    /// The pauses grow from about one second to about thirty. It is the way for programs that cannot be reached by the
    /// gateway; all others should let it push its reports. See ``DeliveryReportHandler``.
    ///
    /// - Parameters:
    ///   - messageID: The identifier of the message.
    ///   - timeout: How long to go on.
    /// - Returns: How far the message has come.
    public func deliveryState(of messageID: String, until timeout: Duration) async -> DeliveryState {
        let deadline = self.clock.now() + timeout
        let pauses = Backoff(base: .seconds(1), maximum: .seconds(30), jitter: .half)
        var last: QueryMessage.Response?
        var isPending = false
        var trouble: AlibabaSMSError?
        var round = 0
        while true {
            let remaining = deadline - self.clock.now()
            guard remaining > .zero else { break }
            switch await self.perform(QueryMessage(messageID: messageID), timeout: remaining).outcome {
            case .accepted(let answer):
                (last, isPending) = (answer, true)
                if answer.status == .delivered { return .delivered(answer) }
                if answer.status == .failed { return .failed(answer) }
            case .rejected(let error) where error.code == "DATA_NOT_EXIST":
                isPending = true
            case .rejected(let error) where ![.transient, .throttled].contains(error.kind):
                return .unavailable(error)
            case .rejected(let error), .unknown(let error):
                trouble = error
            }
            round += 1
            let pause = pauses.delay(afterFailures: round, chance: self.chance())
            guard self.clock.now() + pause < deadline, !Task.isCancelled else { break }
            do {
                try await self.clock.sleep(self.clock.now() + pause)
            } catch {
                break
            }
        }
        if !isPending, let trouble { return .unavailable(trouble) }
        return .pending(last)
    }
}
