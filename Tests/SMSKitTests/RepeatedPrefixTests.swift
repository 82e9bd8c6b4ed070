// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SMSKit

/// Tests that a repeated trunk prefix does not create a second E.164 form for a telephone.
@Suite struct RepeatedPrefixTests {
    /// libphonenumber parses each expected form to itself.
    @Test(arguments: [
        ("+886 00 964 445 930", "+886964445930", "mobile"), ("+966 00 54 800 0670", "+966548000670", "mobile"),
        ("+358 00 44 4466", "+358444466", "mobile"), ("+49 0 041812532", "+4941812532", "fixedLine"),
        ("+359 00 2 8 2953", "+359282953", "fixedLine"),
        ("+375 80015 969 804 4", "+375159698044", "fixedLine"), ("+91 000 8004 32838", "+91800432838", "unknown"),
        // These numbers contain a carrier code, or the prefix for calls at the callee's expense.
        ("+55 0 21 90 3564 0690", "+5535640690", "unknown"), ("+86 00 1 3800 1380", "+86138001380", "unknown"),
        ("+27 00 712345678", "+27712345678", "mobile"), ("+31 0000 50624", "+3150624", "unknown"),
    ])
    func repeatedPrefixIsRemoved(text: String, e164: String, kind: String) throws {
        let number = try PhoneNumber(text)
        #expect(number.e164 == e164 && number.kind.description == kind)
        #expect(number.isAlternateForm)
        #expect(PhoneNumber(e164: e164) == number && PhoneNumber(e164: text) == nil)
    }

    /// A foreign number after another calling code is marked as an alternate form.
    ///
    /// For example, a web form may add the calling code.
    @Test(arguments: [
        ("+49 00 1 718 555 0123", "+4917185550123"), ("+43 00 49 151 2345678", "+43491512345678"),
        ("+358 00 44 7700 900", "+358447700900"),
    ])
    func foreignNumberAfterAnotherCallingCodeIsMarked(text: String, e164: String) throws {
        let number = try PhoneNumber(text)
        #expect(number.e164 == e164 && number.isAlternateForm)
        #expect(try !PhoneNumber(e164).isAlternateForm)
    }

    @Test(arguments: [
        ("00964445930", "TW"), ("00712345678", "KE"), ("0 0 41812532", "JP"), ("1 1 202 555 0123", "US"),
        ("8 8 912 345 67 89", "RU"),
    ])
    func repeatedPrefixWithoutACallingCodeIsRefusedOrInternational(text: String, region: String) {
        guard let number = try? PhoneNumber(text, defaultRegion: Region(region)) else { return }
        #expect(number.region?.code != region, "\(text)")
    }

    @Test(arguments: ["+44 000 7400 123456", "+1 111 202 555 0123", "+33 000 612345678"])
    func impossibleLengthAfterTheFirstPrefixIsRefused(text: String) {
        #expect(throws: PhoneNumberError.self) { try PhoneNumber(text) }
    }

    /// Parsing a result again must return the same number with the same properties, with and without additions.
    @Test(arguments: [
        "", "KE * 8-11; ZA * 8-11 mobile; FR * 8-10; NL 0 9 pager; DE 00 8; BR * 8-13; CN 0 9-12; UY * 5-9",
    ])
    func readingIsIdempotent(additions: String) throws {
        let plan = try NumberingPlan(additions: additions)
        var random = SystemRandomNumberGenerator()
        let regions = Region.all.filter { NumberingTable.shared.callingCode(of: $0)?.trunk != DigitAutomaton.dead }
        let prefixes = ["", "0", "00", "000", "0000", "1", "11", "8", "80", "800", "15", "90", "021", "06", "0015"]
        var repeated = 0
        for _ in 0..<40_000 {
            let code = try #require(regions.randomElement(using: &random)).callingCode
            let count = Int.random(in: 3...(14 - code.utf8.count), using: &random)
            let digits = (0..<count).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
            let text = "+\(code)\(prefixes.randomElement(using: &random) ?? "")\(digits)"
            guard let number = try? PhoneNumber(text, plan: plan) else { continue }
            let again = try PhoneNumber(number.e164, plan: plan)
            #expect(again == number && again.region == number.region && again.kind == number.kind, "\(text)")
            #expect(number.isAlternateForm || !again.isAlternateForm, "\(text)")
            if number.isAlternateForm != again.isAlternateForm { repeated += 1 }
        }
        #expect(repeated > 300)
    }
}
