// SPDX-License-Identifier: Apache-2.0

import SMSKit
import Testing

/// Tests that an addition to the numbering plan does not create a second E.164 form for a telephone.
@Suite struct AdditionFormTests {
    @Test(
        arguments: [
            ("KE * 9-10", "+254712345678", ["+254 (0)712 345678", "+2540712345678", "0712 345678", "+254712345678"]),
            ("KE * 9-10 mobile", "+254712345678", ["+254 (0)712 345678", "0712 345678", "712345678"]),
            ("KE 7 9-10 mobile", "+254712345678", ["+254 (0)712 345678", "0712 345678"]),
            ("ZA * 9-10", "+27711234567", ["+27 (0)71 123 4567", "071 123 4567"]),
            ("FR * 9-10 mobile", "+33612345678", ["+33 (0)6 12 34 56 78", "06 12 34 56 78"]),
            ("TZ * 9-10", "+255712345678", ["+255 (0)712 345 678", "0712 345 678"]),
            ("RS * 8-12", "+38163123456", ["+381 (0)63 123456", "063/123456"]),
            ("AU 4 9-10", "+61412345678", ["+61 (0)412 345 678", "0412 345 678"]),
            ("CN * 11-12", "+8613800138000", ["+86 (0)138 0013 8000", "013800138000"]),
            // The published plan has no Slovak numbers of eight digits.
            ("SK * 8-9 mobile", "+42112345678", ["+421 (0)1234 5678", "01234 5678", "+42112345678"]),
            ("SK 12 8 mobile", "+42112345678", ["+421 (0)1234 5678", "01234 5678"]),
            ("MX * 10-11", "+522221234567", ["+52 1 222 123 4567", "+52 222 123 4567", "222 123 4567"]),
            ("MX * 11 mobile", "+522221234567", ["+52 1 222 123 4567"]),
            ("AR * 10-12", "+5491123456789", ["+54 11 15 2345 6789", "+54 011 15 2345 6789", "+54 9 11 2345 6789"]),
            ("AR * 10-11", "+541123456789", ["+54 (0)11 2345 6789", "011 2345 6789"]),
            ("BR * 10-12", "+5511961234567", ["+55 (0)11 96123 4567", "+55 0 41 11 96123 4567", "011 96123 4567"]),
            ("BR * 10-11", "+551121234567", ["+55 (0)11 2123 4567", "(011) 2123 4567"]),
            ("MG * 7-9", "+261202412345", ["+261 24 123 45", "+261 (0)20 24 123 45"]),
        ] as [(String, String, [String])]
    )
    func additionKeepsTheUsualForm(additions: String, e164: String, spellings: [String]) throws {
        let plan = try NumberingPlan(additions: additions)
        let region = Region(String(additions.prefix(2)))
        for text in spellings {
            let number = try PhoneNumber(text, defaultRegion: region, plan: plan)
            #expect(number.e164 == e164, "\(text)")
            #expect(PhoneNumber(e164: number.e164, plan: plan) == number)
        }
    }

    @Test(arguments: [
        ("FR 06 10", "+33 06 12 34 56 78", "+330612345678"), ("FR 0 10", "+33 06 12 34 56 78", "+330612345678"),
        ("KE 07 10 mobile", "+254 0712 345678", "+2540712345678"),
        ("MX 1 11 mobile", "+52 1 222 123 4567", "+5212221234567"), ("MG 24 7", "+261 24 123 45", "+2612412345"),
    ])
    func prefixThatNamesTheTrunkPrefixKeepsIt(additions: String, text: String, e164: String) throws {
        let plan = try NumberingPlan(additions: additions)
        let number = try PhoneNumber(text, plan: plan)
        #expect(number.e164 == e164 && !number.isAlternateForm)
        #expect(PhoneNumber(e164: e164, plan: plan) == number)
    }

    @Test(arguments: [
        ("BR * 10-11", "+55 11 6123 4567"), ("BR * 10-11 mobile", "+55 21 9876 5432"), ("IL * 9", "+972591234567"),
        ("IL * 9 mobile", "+972561234567"), ("FR * 9 mobile", "+33690001234"), ("ES * 9-10", "+34 0612345678"),
        ("HK * 8-9 mobile", "+852 0123 4567"), ("KE * 9-10 mobile", "+254 7123 456789"),
        ("DE * 8-13", "+49 151 2345 6789 01"),
    ])
    func additionWithoutAPrefixLeavesOtherFormsMarked(additions: String, text: String) throws {
        #expect(try PhoneNumber(text, plan: NumberingPlan(additions: additions)).isAlternateForm)
    }

    @Test(arguments: [
        ("FJ * 7-8", "+67991234567"), ("BJ * 8", "+22997123456"), ("KE 7 10 mobile", "+2547123456789"),
        ("BR 116 10 mobile", "+551161234567"), ("SG * 8-9", "+65912345678"), ("IL 59 9 mobile", "+972591234567"),
    ])
    func numbersThatAnAdditionOpensAreNotMarked(additions: String, text: String) throws {
        #expect(try !PhoneNumber(text, plan: NumberingPlan(additions: additions)).isAlternateForm)
    }

    @Test(arguments: ["KE * 9-11", "ZA * 8-11 mobile", "FR * 9-11"])
    func repeatedTrunkPrefixDoesNotMakeAnotherForm(additions: String) throws {
        let plan = try NumberingPlan(additions: additions)
        let code = try #require(Region(String(additions.prefix(2)))).callingCode
        // After the first prefix, the published plan determines the possible lengths. France has no numbers of ten digits.
        guard let number = try? PhoneNumber("+\(code) 00 712345678", plan: plan) else {
            #expect(code == "33")
            return
        }
        #expect(number.e164 == "+\(code)712345678" && number.isAlternateForm)
    }

    @Test func numberWithItsTrunkPrefixIsTheSameNumber() throws {
        let plan = try NumberingPlan(additions: "KE * 8-11; ZA * 8-11 mobile; FR * 8-10; SK * 7-10; RS * 6-11")
        var random = SystemRandomNumberGenerator()
        var accepted = 0
        for _ in 0..<5_000 {
            let code = ["254", "27", "33", "421", "381"][Int.random(in: 0..<5, using: &random)]
            let digits = (0..<Int.random(in: 6...11, using: &random)).map { _ in Int.random(in: 0...9, using: &random) }
            let national = digits.map(String.init).joined()
            guard let number = try? PhoneNumber("+\(code)\(national)", plan: plan) else { continue }
            accepted += 1
            #expect(PhoneNumber(e164: number.e164, plan: plan) == number, "+\(code)\(national)")
            let other = try? PhoneNumber("+\(code)0\(national)", plan: plan)
            #expect(other == nil || other == number, "+\(code)\(national)")
        }
        #expect(accepted > 1_000)
    }
}
