// SPDX-License-Identifier: Apache-2.0

import SMSKit
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The balance of the billed account, and the number of messages sent to each phone number today.
final class Account: Sendable {
    private struct State {
        var balanceMicros: Int?
        /// The day for which messages are counted, as the number of days since 1970 in the account's time zone.
        var day = Int.min
        var counts: [String: Int] = [:]
    }

    /// The maximum number of phone numbers whose messages are counted per day.
    ///
    /// Further phone numbers have no daily limit.
    private static let maximumNumbers = 100_000

    private let settings: AccountSettings
    private let state: Mutex<State>

    init(_ settings: AccountSettings) {
        self.settings = settings
        self.state = Mutex(State(balanceMicros: settings.balanceMicros))
    }

    /// The balance in millionths of the account's currency; `nil` is unlimited.
    var balanceMicros: Int? { self.state.withLock { $0.balanceMicros } }

    /// The number of phone numbers whose messages are counted today.
    var numberCount: Int { self.state.withLock { $0.counts.count } }

    /// Charges a message to the account, and counts the message for its phone number.
    ///
    /// - Returns: The cost of the message in millionths of the account's currency.
    /// - Throws: `AMOUNT_NOT_ENOUGH` if the balance is too low, or `ALERT_LIMIT_DAY` if the daily limit of the phone number is
    ///   reached.
    func bill(_ number: PhoneNumber, segments: Int, at now: Date) throws(ServiceError) -> Int {
        let cost = self.settings.prices.price(for: number) * segments
        // The time is clamped, so that the conversion to an integer cannot overflow.
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

    /// Adds the cost of an expired message back to the balance.
    func release(_ costMicros: Int) {
        self.state.withLock { state in state.balanceMicros = state.balanceMicros.map { $0 + costMicros } }
    }

    /// Restores the initial state of the account.
    func reset() {
        self.state.withLock { $0 = State(balanceMicros: self.settings.balanceMicros) }
    }
}
