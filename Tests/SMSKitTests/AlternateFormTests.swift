// SPDX-License-Identifier: Apache-2.0

import SMSKit
import Testing

/// Tests that two forms of a telephone's number share their limits.
@Suite struct AlternateFormTests {
    /// The rows are mobile numbers and landlines of regions with numbers of various lengths.
    @Test(arguments: [
        "+6797012345", "+50251234567", "+2348021234567", "+573211234567", "+5491123456789", "+541123456789",
        "+393123456789", "+390669812345", "+4915123456789", "+46701234567", "+31612345678", "+353850123456",
        "+5511961234567", "+59995181234", "+5993181234", "+212650123456", "+38670123456", "+59894231234",
        "+380501234567", "+250781234567", "+97470123456", "+8613800138000", "+85251234567",
    ])
    func surplusDigitsDoNotMakeAnotherSpelling(number: String) throws {
        #expect(try !PhoneNumber(number).isAlternateForm)
        var text = number
        while text.count < 17 {
            text += "0"
            guard let longer = try? PhoneNumber(text) else { continue }
            // The possible lengths of Italian landlines depend on the exchange.
            #expect(longer.isAlternateForm || longer.kind == .fixedLine, "\(text)")
        }
        #expect(throws: PhoneNumberError.self) { try PhoneNumber(text) }
    }

    @Test(arguments: [
        // These are numbers of Palestinian mobile networks with the calling code of Israel.
        "+972591234567", "+972561234567", "+972 59 765 4321",
        // The 0 is not part of the number.
        "+39 0 347 1234567", "+39 0 3471 23456", "+852 0123 4567", "+1 020 255 5012", "+34 061 234 567",
        // These are Brazilian mobile numbers without their 9.
        "+55 11 6123 4567", "+55 61 8123 4567", "+55 21 9876 5432", "+55 85 8123 4567",
        // These are numbers of overseas departments with the calling code of France.
        "+33 690 00 12 34", "+33 639 01 23 45", "+33 696 12 34 56", "+33 694 12 34 56", "+33 692 12 34 56",
        // These numbers have surplus digits.
        "+43 1 58058 0123 4567", "+49 151 2345 6789 01", "+358 41 234 5678 99", "+64 21 123 4567 890",
        "+861380013800 01",
    ])
    func alternateFormIsMarkedOrRefused(text: String) {
        guard let number = try? PhoneNumber(text) else { return }
        #expect(number.isAlternateForm || number.kind == .fixedLine, "\(number.e164): \(number.kind)")
    }

    @Test(arguments: [
        "+970591234567", "+972501234567", "+972541234567", "+393471234567", "+5511961234567", "+551121234567",
        "+590690001234", "+262692123456", "+33612345678", "+8612800138000", "+18765551234", "+447700900123",
    ])
    func usualFormIsNotMarked(text: String) throws { #expect(try !PhoneNumber(text).isAlternateForm) }
}
