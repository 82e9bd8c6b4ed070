// SPDX-License-Identifier: Apache-2.0

import SMSKit
import Testing

@Suite struct PossibleLengthTests {
    @Test(arguments: [
        ("+1 201 555 012", "US", [10]), ("+33 6 12 34 56 7", "FR", [9]), ("+65 9123 456", "SG", [8, 10, 11]),
        ("+225 07 12 34 56", "CI", [10]), ("+229 97 12 34 56", "BJ", [10]), ("+1 555 0100", "US", [10]),
        ("+61 412 345 67", "AU", [5, 6, 7, 8, 9, 10, 12]), ("+47 412 34 567 8", "NO", [5, 8]),
        ("+353 85 012 34567 8", "IE", [7, 8, 9, 10]), ("+7 912 345 67", "RU", [10, 14]),
        ("+33 6 12 34 56 7 89", "FR", [9]),
        // These regions have changed their plans, and the numbers have the old form.
        ("+229 21 30 12 34", "BJ", [10]), ("+225 20 30 40 50", "CI", [10]), ("+506 222 3456", "CR", [8, 10]),
        ("+228 901 2345", "TG", [8]),
    ])
    func impossibleLengthIsRefusedWithRegionAndLengths(text: String, region: String, lengths: [Int]) throws {
        // Australia has numbers of 8 digits, and Ireland has numbers of 10 digits. The rows show that a length is rejected only
        // for its own region.
        guard (try? PhoneNumber(text)) == nil else {
            let number = try PhoneNumber(text)
            #expect(lengths.contains(number.nationalNumber.count))
            return
        }
        let error = #expect(throws: PhoneNumberError.self) { try PhoneNumber(text) }
        #expect(error?.region?.code == region && error?.possibleLengths == lengths, "\(String(describing: error))")
        #expect([.tooShort, .tooLong, .impossibleLength].contains(error?.code))
        #expect(error?.message.contains(region) == true)
        for length in lengths.prefix(1) { #expect(error?.message.contains("\(length)") == true) }
    }

    @Test func messageNamesTheLengthsInWords() {
        func message(_ text: String) -> String? {
            #expect(throws: PhoneNumberError.self) { try PhoneNumber(text) }?.message
        }
        #expect(message("+33612") == "numbers of FR have 9 digits after the calling code, not 3")
        #expect(message("+478123456") == "numbers of NO have 5 or 8 digits after the calling code, not 7")
        #expect(message("+86123") == "numbers of CN have 7 to 12 digits after the calling code, not 3")
        #expect(message("+4412345678") == "numbers of GB have 7, 9 or 10 digits after the calling code, not 8")
        #expect(message("+8001234") == "numbers with this calling code have 8 digits after the calling code, not 4")
    }

    @Test func newFormOfARenumberedRegionIsRead() throws {
        #expect(try PhoneNumber("+229 01 97 12 34 56").kind == .mobile)
        #expect(try PhoneNumber("+225 07 12 34 56 78").kind == .mobile)
        #expect(try PhoneNumber("+52 1 55 1234 5678") == PhoneNumber("+52 55 1234 5678"))
    }

    @Test(
        arguments: [
            ("+85201234567", "HK"), ("+8612800138000", "CN"), ("+6551234567", "SG"), ("+4930", nil), ("+6902101", "TK"),
        ] as [(String, String?)]
    )
    func possibleNumberOfNoKnownKindIsAccepted(text: String, region: String?) throws {
        guard let region else {
            #expect(throws: PhoneNumberError.self) { try PhoneNumber(text) }
            return
        }
        let number = try PhoneNumber(text)
        #expect(number.kind == .unknown && number.region?.code == region)
    }
}
