// SPDX-License-Identifier: Apache-2.0

import SMSKit

/// Senders or numbers that the breakers let through until a date; budgets, growth limits and a lockdown still hold.
public struct AllowEntry: Sendable, Hashable {
    /// The requests to which an entry applies.
    ///
    /// The enumeration is closed.
    public enum Subject: Sendable, Hashable {
        /// The requests from a range of addresses.
        case addresses(AddressRange)
        /// The requests for numbers that begin with these digits: a calling code and more, without a plus sign.
        case numbers(prefix: String)
    }

    /// The requests to which the entry applies.
    public let subject: Subject

    /// The time at which the entry ends, by the ledger's clock.
    public let end: LedgerTime

    /// Creates an entry.
    ///
    /// - Parameters:
    ///   - subject: The requests to which the entry applies.
    ///   - end: The time at which the entry ends, by the ledger's clock.
    public init(_ subject: Subject, until end: LedgerTime) {
        self.subject = subject
        self.end = end
    }

    /// Returns whether the entry applies to a request, as long as it has not ended.
    func covers(_ request: SendRequest) -> Bool {
        switch self.subject {
        case .addresses(let range): request.source.map(range.contains) ?? false
        case .numbers(let prefix): request.number.e164.dropFirst().hasPrefix(prefix)
        }
    }
}
