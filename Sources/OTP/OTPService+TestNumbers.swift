// SPDX-License-Identifier: Apache-2.0

import SMSKit

extension OTPService {
    /// Returns the test number for a phone number, or `nil` if the phone number is not a test number.
    func testNumber(_ number: PhoneNumber) -> TestNumber? {
        self.testNumbers.isEmpty ? nil : self.testNumbers[number]
    }

    /// Returns the blind indexes of a number, which name the number's records in the store.
    ///
    /// A test number has separate records. A real number with the same digits therefore does not share limits or challenges
    /// with the test number.
    func indexes(of number: PhoneNumber) -> PhoneNumberIndexes {
        self.testNumber(number) == nil ? self.keys.indexes(of: number) : self.keys.indexes(ofTest: number)
    }

    /// Returns a random code, or the fixed code if the number is a test number.
    func makeCode(for number: PhoneNumber, using random: inout Randomness.Numbers) -> OneTimeCode {
        guard let test = self.testNumber(number) else { return self.policy.format.makeCode(using: &random) }
        return OneTimeCode(bytes: Array(test.code.utf8))
    }

    /// Completes a send to a test number without sending a message.
    ///
    /// - Parameters:
    ///   - test: The test number.
    ///   - reservation: The reservation of the counted send.
    ///   - number: The indexes of the number.
    /// - Returns: The outcome of an accepted message.
    /// - Throws: ``OTPError`` with the code `destinationNotAllowed` if ``TestNumber/end`` has passed according to the store's
    ///   clock.
    func skipMessage(
        to test: TestNumber,
        _ reservation: SendReservation,
        _ number: PhoneNumberIndexes
    ) async throws(OTPError) -> (delivery: Challenge.Delivery, requestID: String?) {
        guard reservation.time.date < test.end else {
            await self.sender.release(reservation, number)
            throw OTPError(.destinationNotAllowed, "the test number has ended")
        }
        return (.accepted(messageID: "test-number"), nil)
    }

    /// Throws the error `expired` if the number is a test number, and ``TestNumber/end`` has passed according to the store's
    /// clock.
    func checkEnd(of number: PhoneNumber, at time: StoreTime) throws(OTPError) {
        guard let test = self.testNumber(number), time.date >= test.end else { return }
        throw OTPError.expired
    }
}
