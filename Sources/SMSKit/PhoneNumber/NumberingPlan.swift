// SPDX-License-Identifier: Apache-2.0

/// The numbering plans of all regions.
///
/// A plan consists of published metadata and of the operator's additions. The metadata may lack numbers that were introduced
/// recently. To accept such numbers, pass a plan with additions to ``PhoneNumber/init(_:defaultRegion:plan:)``.
public struct NumberingPlan: Sendable, Hashable {
    /// A range of numbers that the published metadata of a region lacks.
    public struct Addition: Sendable, Hashable {
        /// The region of the numbers.
        public let region: Region

        /// The first digits of the national numbers; empty for all numbers of the region.
        ///
        /// A trunk prefix, such as `0`, is dialed before a national number within the country. The parser normally removes the
        /// trunk prefix of a number, and compares the remaining digits with this property. If this property itself begins with
        /// the trunk prefix, the parser keeps the trunk prefix as a part of the number.
        ///
        /// If this property is not empty, the parser does not check matching numbers for signs of an alternate form, such as
        /// surplus digits (``PhoneNumber/isAlternateForm``). The parser still checks whether the number was written with two
        /// trunk prefixes.
        public let prefix: String

        /// The possible lengths of the national numbers in digits, including the prefix.
        public let lengths: ClosedRange<Int>

        /// The kind of the numbers; `nil` to use the kind from the published metadata.
        public let kind: PhoneNumber.Kind?

        let digits: Digits
        let callingCode: Int

        /// Creates an addition.
        ///
        /// - Parameters:
        ///   - region: The region of the numbers.
        ///   - prefix: The first digits of the national numbers. The prefix can be empty if no other region shares the
        ///     calling code.
        ///   - lengths: The possible lengths of the national numbers in digits, including the prefix. The minimum is 2. The
        ///     maximum is 15, including the calling code.
        ///   - kind: The kind of the numbers; `nil` to use the kind from the published metadata.
        /// - Throws: ``NumberingPlanError`` if no number can have this form.
        public init(
            region: Region,
            prefix: String,
            lengths: ClosedRange<Int>,
            kind: PhoneNumber.Kind? = nil
        ) throws(NumberingPlanError) {
            guard let digits = Digits(prefix), let code = NumberingTable.shared.callingCode(of: region) else {
                throw NumberingPlanError("a prefix consists of the digits 0 to 9")
            }
            guard digits.count > 0 || code.regions.count == 1 else {
                throw NumberingPlanError("\(region) shares its calling code with other regions: name a prefix")
            }
            guard lengths.lowerBound >= 2, lengths.upperBound <= 15 - code.length, digits.count <= lengths.lowerBound
            else {
                throw NumberingPlanError(
                    "a length counts the digits after the calling code, the prefix included: "
                        + "2 to \(15 - code.length) in \(region)"
                )
            }
            self.region = region
            self.prefix = prefix
            self.lengths = lengths
            self.kind = kind
            self.digits = digits
            self.callingCode = code.number
        }
    }

    /// The published metadata, plus the mobile numbers that the United Kingdom reserves for fiction.
    public static let published = NumberingPlan(additions: [])

    /// The version of the libphonenumber metadata, such as `9.0.43`.
    public static var metadataVersion: String { NumberingMetadata.version }

    /// The release date of the metadata in ISO 8601, such as `2026-11-06`.
    public static var metadataDate: String { NumberingMetadata.date }

    /// The British mobile numbers that Ofcom reserves for fiction.
    ///
    /// The examples of this package use these numbers, but the metadata lacks them.
    private static let fiction =
        (try? Addition(region: .unitedKingdom, prefix: "7700900", lengths: 10...10, kind: .mobile))

    /// The additions to the published metadata.
    public let additions: [Addition]

    private let all: [Addition]

    /// Creates a plan with additions to the published metadata.
    ///
    /// - Parameter additions: The additions. If several additions match a number, the one with the longest prefix applies.
    public init(additions: [Addition]) {
        self.additions = additions
        self.all = (additions + [Self.fiction].compactMap { $0 }).sorted { $0.digits.count > $1.digits.count }
    }

    /// Returns the matching addition with the longest prefix.
    ///
    /// - Parameters:
    ///   - national: The digits after the calling code.
    ///   - code: The calling code.
    ///   - count: The minimum length of the addition's prefix, in digits; the default is 0.
    /// - Returns: The addition, or `nil` if no addition matches.
    func addition(for national: Digits, in code: CallingCode, naming count: Int = 0) -> Addition? {
        self.all.first {
            $0.callingCode == code.number && $0.lengths.contains(national.count) && $0.digits.count >= count
                && national.hasPrefix($0.digits)
        }
    }
}
