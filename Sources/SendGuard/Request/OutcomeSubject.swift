// SPDX-License-Identifier: Apache-2.0

package import SMSKit

/// The properties of a request that determine its scopes: tenant, purpose, region, source and number block.
package struct OutcomeSubject: Sendable {
    let route: ScopeTable.Route
    let source: AddressPrefix
    /// The digits of the phone number without the last four digits.
    ///
    /// An integer is unambiguous, because no calling code begins with 0.
    let blockNumber: UInt64

    /// Creates a subject.
    package init(number: PhoneNumber, tenant: String, purpose: String, source: SourceAddress?) {
        self.route = ScopeTable.Route(tenant: tenant, purpose: purpose, region: number.region)
        self.source = source?.source ?? .unknown
        var digits: UInt64 = 0
        // This loop runs for every verification. Iterating over the string would be several times slower.
        var text = number.e164
        text.withUTF8 { text in
            for position in 1..<max(text.count - SendRequest.blockDigits, 1) {
                digits = digits * 10 + UInt64(text[position] & 0xF)
            }
        }
        self.blockNumber = digits
    }

    /// The number block: a plus sign, and the digits of the phone number without the last four digits.
    var block: String { "+\(Self.text(self.blockNumber))" }

    /// The number block in the report: the digits of the phone number without the last five digits.
    ///
    /// The report uses larger blocks than the guard, so this text has one digit fewer than ``block``.
    var reportedBlock: String {
        var digits = self.blockNumber
        for _ in SendRequest.blockDigits..<ReportedEvent.maskedDigits { digits /= 10 }
        return Self.text(digits)
    }

    /// Returns the decimal digits of a number block; an empty text for 0.
    ///
    /// The block of a phone number with at most four digits is 0.
    private static func text(_ digits: UInt64) -> String { digits == 0 ? "" : String(digits) }
}

extension OutcomeSubject: Hashable {
    package static func == (left: Self, right: Self) -> Bool {
        left.blockNumber == right.blockNumber && left.source == right.source && left.route == right.route
    }

    /// Hashes only the block and the source, because subjects with the same block and source rarely differ in other properties.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(self.blockNumber)
        hasher.combine(self.source)
    }
}
