// SPDX-License-Identifier: Apache-2.0

package import SMSKit

/// The properties of a request that determine the scopes in which a ledger records its outcomes.
///
/// A service merges the outcomes of equal subjects before it computes the names of scopes.
package struct OutcomeSubject: Sendable {
    let route: ScopeTable.Route
    let source: AddressPrefix
    /// The digits of the number without the last four, which are unique as an integer, because no calling code begins with 0.
    let blockNumber: UInt64

    /// Creates a subject.
    ///
    /// - Parameters:
    ///   - number: The number that the code was sent to.
    ///   - tenant: The tenant.
    ///   - purpose: The purpose.
    ///   - source: The address of the client; `nil` if it is missing.
    package init(number: PhoneNumber, tenant: String, purpose: String, source: SourceAddress?) {
        self.route = ScopeTable.Route(tenant: tenant, purpose: purpose, region: number.region)
        self.source = source?.source ?? .unknown
        var digits: UInt64 = 0
        // The loop runs for every verification, and an iterator of a string costs several times as much.
        var text = number.e164
        text.withUTF8 { text in
            for position in 1..<max(text.count - SendRequest.blockDigits, 1) {
                digits = digits * 10 + UInt64(text[position] & 0xF)
            }
        }
        self.blockNumber = digits
    }

    /// The first digits of the number after a plus sign, as in `SendRequest.block`.
    var block: String { "+\(Self.text(self.blockNumber))" }

    /// The first digits of the number in the report, as in `SendRequest.reportedBlock`.
    var reportedBlock: String {
        var digits = self.blockNumber
        for _ in SendRequest.blockDigits..<ReportedEvent.maskedDigits { digits /= 10 }
        return Self.text(digits)
    }

    /// Returns the digits as a text, or an empty text for 0, which stands for a number with at most four digits.
    private static func text(_ digits: UInt64) -> String { digits == 0 ? "" : String(digits) }
}

extension OutcomeSubject: Hashable {
    package static func == (left: Self, right: Self) -> Bool {
        left.blockNumber == right.blockNumber && left.source == right.source && left.route == right.route
    }

    /// Hashes only the block and the source, because they differ most between subjects.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(self.blockNumber)
        hasher.combine(self.source)
    }
}
