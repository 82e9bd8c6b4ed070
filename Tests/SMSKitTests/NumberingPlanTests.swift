// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SMSKit

@Suite struct NumberingPlanTests {
    @Test func additionOpensALengthAPrefixAndAKind() throws {
        let plan = try NumberingPlan(additions: "BJ * 8; US 555 10 mobile\nFJ 9 8-9 mobile ;; KZ 600 10")
        #expect(plan.additions.count == 4)
        #expect(throws: PhoneNumberError.self) { try PhoneNumber("+229 97 12 34 56") }
        #expect(try PhoneNumber("+229 97 12 34 56", plan: plan).e164 == "+22997123456")
        #expect(try PhoneNumber("+229 97 12 34 56", plan: plan).kind == .unknown)
        let american = try PhoneNumber("+1 555 555 0123", plan: plan)
        #expect(american.region == .unitedStates && american.kind == .mobile)
        #expect(PhoneNumber(e164: "+67991234567", plan: plan)?.kind == .mobile)
        #expect(PhoneNumber(e164: "+679912345678", plan: plan)?.kind == .mobile)
        #expect(PhoneNumber(e164: "+6799123456789", plan: plan) == nil)
        #expect(try PhoneNumber("+7 600 123 45 67", plan: plan).region?.code == "KZ")
        #expect(PhoneNumber(e164: "+67991234567") == nil)
        // All other numbers of the plan are those of the published plan.
        #expect(try PhoneNumber("+65 9123 4567", plan: plan).kind == .mobile)
        #expect(try PhoneNumber("07700 900123", defaultRegion: .unitedKingdom, plan: plan).kind == .mobile)
    }

    @Test func additionThatIsMadeInCodeIsChecked() throws {
        let ivory = try #require(Region("CI"))
        let addition = try NumberingPlan.Addition(region: ivory, prefix: "09", lengths: 10...10, kind: .mobile)
        let plan = NumberingPlan(additions: [addition])
        #expect(try PhoneNumber("+225 09 12 34 56 78").kind == .unknown)
        #expect(try PhoneNumber("+225 09 12 34 56 78").isAlternateForm)
        #expect(try PhoneNumber("+225 09 12 34 56 78", plan: plan).kind == .mobile)
        #expect(try !PhoneNumber("+225 09 12 34 56 78", plan: plan).isAlternateForm)
        for lengths in [0...10, 10...13, 1...1, Int.min...Int.max, 10...Int.max] {
            #expect(throws: NumberingPlanError.self) {
                try NumberingPlan.Addition(region: ivory, prefix: "0", lengths: lengths)
            }
        }
    }

    @Test func longestPrefixCounts() throws {
        let plan = try NumberingPlan(additions: "GB 77 10 pager; GB 7712 10 mobile; GB 771 10 voip")
        #expect(try PhoneNumber("+44 7712 345678", plan: plan).kind == .mobile)
        #expect(try PhoneNumber("+44 7713 345678", plan: plan).kind == .voip)
        #expect(try PhoneNumber("+44 (0)7723 345678", plan: plan).kind == .pager)
        #expect(try PhoneNumber("+44 (0)7723 345678", plan: plan).e164 == "+447723345678")
        // If an addition begins with 0, this 0 is not a trunk prefix.
        let zero = try NumberingPlan(additions: "FR 06 10 mobile")
        #expect(try PhoneNumber("+33 06 12 34 56 78", plan: zero).e164 == "+330612345678")
        #expect(try PhoneNumber("+33 06 12 34 56 78").e164 == "+33612345678")
    }

    @Test(arguments: [
        "BJ", "BJ 01", "BJ 01 10 mobile extra", "ZZ 01 10", "UK 77 10", "BJ x 10", "BJ 01 ten", "BJ 01 10-8",
        "BJ 01 -10",
        "BJ 01 8-", "BJ 01 10 geographic", "BJ 01 1", "BJ 01 13", "BJ 012345 5", "US * 10", "GB * 9", "BJ 01 0",
        "BJ 01 99999999999999999999", "SG 8 8; BJ", "BJ ٠١ 10", "BJ 01 8-9-10",
        "BJ 01 9223372036854775807", "BJ 01 -9223372036854775808", "BJ 012345678901234567890123456789012345 12",
    ])
    func unusableAdditionIsRefusedWithItsPosition(text: String) {
        let error = #expect(throws: NumberingPlanError.self) { try NumberingPlan(additions: text) }
        #expect(error?.message.hasPrefix(text.contains(";") ? "entry 2: " : "entry 1: ") == true)
    }

    @Test func emptyTextIsThePublishedPlan() throws {
        #expect(try NumberingPlan(additions: " ; \n ") == .published)
        #expect(NumberingPlan.metadataVersion == "9.0.43")
        #expect(NumberingPlan.metadataDate.wholeMatch(of: /20\d\d-[01]\d-[0-3]\d/) != nil)
    }

    /// The size of the tables is limited, because loading them delays the start of a process.
    @Test func tablesAreSmall() {
        #expect(NumberingMetadata.nodes.utf8.count < 160_000)
        #expect(NumberingMetadata.codes.split(separator: "\n").count < 300)
        #expect(NumberingMetadata.actions.split(separator: "\n").count < 64)
        #expect(NumberingTable.shared.regions.count == 245)
    }

    @Test func digitsKeepTheirPlaces() {
        let text = "12345678901234567890123456789012"
        let digits = Digits(text)
        #expect(digits?.text() == text && digits?.count == 32)
        #expect(Digits(text + "3") == nil && Digits("12a") == nil && Digits("+1") == nil && Digits("١") == nil)
        #expect(digits?.from(14).text() == String(text.dropFirst(14)))
        #expect(digits?.from(32).count == 0 && digits?.from(99).count == 0)
        #expect(Digits(0).text() == "0" && Digits(883).text() == "883")
        #expect(Digits("12")?.followed(by: Digits(345)).text(after: "+") == "+12345")
        #expect(digits?.hasPrefix(Digits(1234)) == true && digits?.hasPrefix(Digits(124)) == false)
        #expect(Digits(1).hasPrefix(Digits(12)) == false)
    }
}
