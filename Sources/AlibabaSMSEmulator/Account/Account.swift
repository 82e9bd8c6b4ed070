import FoundationEssentials
import SMSKit
import Synchronization

/// The account that the messages are billed to: its balance, and what was sent to each number today.
final class Account: Sendable {
    private struct State {
        var balanceMicros: Int?
        /// The day, in the account's time zone, that the counts are of.
        var day = Int.min
        var counts: [String: Int] = [:]
    }

    /// How many numbers are counted in a day; further ones are not limited.
    private static let maximumNumbers = 100_000

    private let settings: AccountSettings
    private let state: Mutex<State>

    init(_ settings: AccountSettings) {
        self.settings = settings
        self.state = Mutex(State(balanceMicros: settings.balanceMicros))
    }

    /// What is left, in millionths of the account's currency; `nil` is as much as it likes.
    var balanceMicros: Int? { self.state.withLock { $0.balanceMicros } }

    /// How many numbers are counted today.
    var numberCount: Int { self.state.withLock { $0.counts.count } }

    /// Bills a message, or refuses it.
    ///
    /// - Returns: The cost in millionths of the account's currency.
    func bill(_ number: PhoneNumber, segments: Int, at now: Date) throws(ServiceError) -> Int {
        let cost = self.settings.prices.price(for: number) * segments
        // Beyond what a number holds the day does not matter.
        let seconds = min(max(now.timeIntervalSince1970 + Double(Date.accountZone), -1e15), 1e15)
        let day = Int((seconds / 86_400).rounded(.down))
        let refusal: ServiceError? = self.state.withLock { state in
            if let balance = state.balanceMicros, balance < cost {
                return ServiceError("AMOUNT_NOT_ENOUGH", "The balance of the account is not enough.")
            }
            if let limit = self.settings.messagesPerNumberAndDay {
                if state.day != day { (state.day, state.counts) = (day, [:]) }
                let count = state.counts[number.e164] ?? 0
                guard count < limit else {
                    return ServiceError("ALERT_LIMIT_DAY", "The daily limit of the number is reached.")
                }
                if count > 0 || state.counts.count < Self.maximumNumbers { state.counts[number.e164] = count + 1 }
            }
            state.balanceMicros = state.balanceMicros.map { $0 - cost }
            return nil
        }
        if let refusal { throw refusal }
        return cost
    }

    /// Gives back what a message has cost.
    func release(_ costMicros: Int) {
        self.state.withLock { state in state.balanceMicros = state.balanceMicros.map { $0 + costMicros } }
    }

    /// Makes the account what it was at the start.
    func reset() {
        self.state.withLock { $0 = State(balanceMicros: self.settings.balanceMicros) }
    }
}
