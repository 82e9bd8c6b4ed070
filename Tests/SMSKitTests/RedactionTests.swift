// SPDX-License-Identifier: Apache-2.0

import SMSKit
import Testing

@Suite struct RedactionTests {
    static let numbers = [
        "+8613800138000", "+447700900123", "+12025550123", "+6591234567", "+24740123", "+299221234", "+88213123456",
        "+4915123456789",
    ]

    struct Holder {
        var number: PhoneNumber
        var optional: PhoneNumber?
        var numbers: [PhoneNumber]
        var byNumber: [PhoneNumber: Int]
    }

    @Test func chineseNumberShowsThreeDigitsAndTheLastTwo() throws {
        #expect(try PhoneNumber("+8613800138000").description == "+86138****00")
        #expect(try PhoneNumber("+447700900123").description == "+44****23")
        #expect(try PhoneNumber("+24740123").description == "+247****23")
    }

    @Test(arguments: Self.numbers)
    func noWayOfPrintingShowsTheNumber(e164: String) throws {
        let number = try PhoneNumber(e164)
        let holder = Holder(number: number, optional: number, numbers: [number], byNumber: [number: 1])
        let message = SMSMessage(to: number, text: "473829", category: .oneTimePassword)
        var output = ""
        dump(number, to: &output)
        dump(holder, to: &output)
        dump([number], to: &output)
        dump(message, to: &output)
        print(number, holder, [number], message, to: &output)
        debugPrint(number, holder, [number], message, to: &output)
        output += "\(number) \([number]) \(Optional(number) as Any) \(holder) \([number: 1])"
        output += String(describing: number) + String(reflecting: number)
        output += "\(Array(Mirror(reflecting: number).children)) \(Mirror(reflecting: number))"

        let digits = Array(e164.dropFirst())
        for start in 0...(digits.count - 8) {
            let window = String(digits[start..<(start + 8)])
            #expect(!output.contains(window))
        }
        // Only the leading digits and the last two digits may be visible.
        let national = String(e164.dropFirst(1 + number.callingCode.utf8.count))
        #expect(!output.contains(national.dropFirst(national.count > 5 ? 1 : 0)))
        #expect(!output.contains(national.suffix(3)))
        #expect(!output.contains("473829"))
        #expect(output.contains("****"))
    }
}
