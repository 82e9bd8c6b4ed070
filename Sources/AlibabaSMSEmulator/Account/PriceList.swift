// SPDX-License-Identifier: Apache-2.0

public import SMSKit

/// The prices of a message segment in each region.
public struct PriceList: Sendable, Hashable {
    /// The price of a message segment in millionths of the account's currency, keyed by region.
    public var micros: [Region: Int]

    /// The price of a message segment in all regions without an entry in ``micros``, in millionths of the account's currency.
    public var otherMicros: Int

    /// Creates a list.
    ///
    /// - Parameters:
    ///   - micros: The price of a message segment in millionths of the account's currency, keyed by region.
    ///   - otherMicros: The price of a message segment in all regions without an entry in ``micros``, in millionths of the
    ///     account's currency.
    public init(micros: [Region: Int], otherMicros: Int) {
        self.micros = micros
        self.otherMicros = otherMicros
    }

    /// Invented prices of a realistic magnitude, unsuitable for cost calculations.
    public static let samples = PriceList(
        micros: [
            .mainlandChina: 8000, .hongKong: 50_000, .macao: 25_000, .taiwan: 45_000, .singapore: 40_000,
            .unitedStates: 7000, .canada: 8000, .unitedKingdom: 45_000,
        ],
        otherMicros: 60_000
    )

    /// Returns the price of a message segment to a phone number.
    func price(for number: PhoneNumber) -> Int {
        number.region.flatMap { self.micros[$0] } ?? self.otherMicros
    }
}
