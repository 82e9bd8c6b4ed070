// SPDX-License-Identifier: Apache-2.0

import Foundation
import SMSKit
import Testing

/// Tests with phone numbers of every region and of every kind.
///
/// The expected results are from libphonenumber. `scripts/numbering-plan` writes these test vectors.
@Suite struct NumberVectorTests {
    static func rows() throws -> [(text: String, answer: String)] {
        let file = try #require(
            Bundle.module.url(forResource: "numbers", withExtension: "tsv", subdirectory: "Vectors")
        )
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .map { line in
                let fields = line.split(separator: "\t")
                return (String(fields[0]), String(fields[1]))
            }
    }

    static func answer(to text: String) -> String {
        guard let number = try? PhoneNumber(text) else { return "refused" }
        return "\(number.e164) \(number.region?.code ?? "-") \(number.kind)"
    }

    @Test func numbersAreReadAsLibphonenumberReadsThem() throws {
        let rows = try Self.rows()
        for (text, answer) in rows { #expect(Self.answer(to: text) == answer, "\(text)") }
        #expect(rows.count > 3_500)
    }

    @Test func everyRegionAndEveryKindOccurs() throws {
        let numbers = try Self.rows().compactMap { try? PhoneNumber($0.text) }
        // The plan does not distinguish Western Sahara from Morocco, or Saint Martin from Saint Barthélemy.
        let missing = Set(Region.all).subtracting(numbers.compactMap(\.region))
        #expect(missing == Set(["EH", "MF"].compactMap { Region($0) }))
        #expect(Set(numbers.map(\.kind)) == Set(PhoneNumber.Kind.all))
    }

    @Test func everyNumberIsReadBackAsItself() throws {
        for (text, _) in try Self.rows() {
            guard let number = try? PhoneNumber(text) else { continue }
            #expect(PhoneNumber(e164: number.e164) == number, "\(text)")
            #expect(number.e164 == "+\(number.callingCode)\(number.nationalNumber)")
            #expect(number.region.map { $0.callingCode == number.callingCode } ?? true)
        }
    }
}
