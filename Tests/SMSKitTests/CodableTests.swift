// SPDX-License-Identifier: Apache-2.0

import Foundation
import SMSKit
import Testing

@Suite struct CodableTests {
    private static func roundTrip<Value: Codable>(_ value: Value, plan: NumberingPlan? = nil) throws -> Value {
        let decoder = JSONDecoder()
        if let plan { decoder.userInfo[.numberingPlan] = plan }
        // Not every decoder accepts a single value as a JSON document, so the value is in an array.
        return try decoder.decode([Value].self, from: JSONEncoder().encode([value]))[0]
    }

    @Test func aPhoneNumberIsEncodedAsItsE164Text() throws {
        let number = try PhoneNumber("+65 9123 4567")
        #expect(String(decoding: try JSONEncoder().encode([number]), as: UTF8.self) == #"["+6591234567"]"#)
        let decoded = try Self.roundTrip(number)
        #expect(decoded == number)
        #expect(decoded.region == .singapore && decoded.kind == .mobile)
    }

    @Test(arguments: ["", "6591234567", "+65 91234567", "+6500", "+999123", "+65912345678901234567"])
    func otherTextsAreNotDecodedAndNotQuoted(text: String) throws {
        let json = try JSONEncoder().encode([text])
        let error = #expect(throws: DecodingError.self) { try JSONDecoder().decode([PhoneNumber].self, from: json) }
        #expect(text.isEmpty || error.map { "\($0)".contains(text) } == false)
    }

    @Test func aNumberOfAnAdditionIsDecodedWithItsPlan() throws {
        let plan = try NumberingPlan(additions: "FJ * 9")
        let number = try PhoneNumber("+679 123456789", plan: plan)
        #expect(throws: DecodingError.self) { try Self.roundTrip(number) }
        #expect(try Self.roundTrip(number, plan: plan) == number)
    }

    @Test func everyRegionIsDecodedFromItsCode() throws {
        for region in Region.all { #expect(try Self.roundTrip(region) == region) }
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Region].self, from: Data(#"["UK"]"#.utf8)) }
    }

    @Test func anErrorAndAReceiptAreDecodedAsTheyWereEncoded() throws {
        for kind in SMSError.Kind.all {
            let error = SMSError(code: "c", kind: kind, message: "m", retryAfter: .milliseconds(1500), requestID: "r")
            #expect(try Self.roundTrip(error) == error)
        }
        let receipt = SMSReceipt(messageID: "1", segments: 2, requestID: "r")
        #expect(try Self.roundTrip(receipt) == receipt)
    }

    @Test func aKindOfALaterVersionIsDecodedAsUnknown() throws {
        let json = Data(#"["caller","quota"]"#.utf8)
        #expect(try JSONDecoder().decode([SMSError.Kind].self, from: json) == [.caller, .unknown])
    }

    @Test func everyKindAndCategoryIsFoundByItsName() {
        for kind in SMSError.Kind.all { #expect(SMSError.Kind(name: "\(kind)") == kind) }
        for category in SMSMessage.Category.all { #expect(SMSMessage.Category(name: "\(category)") == category) }
        #expect(SMSError.Kind(name: "Caller") == nil && SMSMessage.Category(name: "") == nil)
        #expect(SMSError.Kind.all.count == 10 && SMSMessage.Category.all.count == 3)
    }
}
