// SPDX-License-Identifier: Apache-2.0

import SMSKit

/// An entry of the allow-list.
///
/// Until the entry ends, the requests to which it applies bypass the breakers (rules with a leaky bucket) and the limit on
/// regions (``GuardMeasure/destinations``). Budgets, growth limits and lockdowns still apply.
public struct AllowEntry: Sendable, Hashable {
    /// The requests to which an entry applies.
    ///
    /// No cases will be added.
    public enum Subject: Sendable, Hashable {
        /// The requests from a range of addresses.
        case addresses(AddressRange)
        /// The requests for phone numbers that begin with these digits. The digits include the calling code, but no plus sign.
        case numbers(prefix: String)
    }

    /// The requests to which the entry applies.
    public let subject: Subject

    /// The end of the entry according to the ledger's clock.
    public let end: LedgerTime

    /// Creates an entry.
    ///
    /// - Parameters:
    ///   - subject: The requests to which the entry applies.
    ///   - end: The end of the entry according to the ledger's clock.
    public init(_ subject: Subject, until end: LedgerTime) {
        self.subject = subject
        self.end = end
    }

    /// Returns whether the entry applies to a request.
    ///
    /// The end of the entry is not checked.
    func covers(_ request: SendRequest) -> Bool {
        switch self.subject {
        case .addresses(let range): request.source.map(range.contains) ?? false
        case .numbers(let prefix): request.number.e164.dropFirst().hasPrefix(prefix)
        }
    }
}
