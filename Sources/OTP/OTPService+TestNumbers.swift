// SPDX-License-Identifier: Apache-2.0

import SMSKit

extension OTPService {
    /// Returns the test number of the policy with these digits, or `nil` if there is none.
    func testNumber(_ number: PhoneNumber) -> TestNumber? {
        self.testNumbers.isEmpty ? nil : self.testNumbers[number]
    }

    /// Returns the blind indexes of a number.
    ///
    /// A test number has records of its own, so that it shares no limit and no challenge with the real number.
    func indexes(of number: PhoneNumber) -> PhoneNumberIndexes {
        self.testNumber(number) == nil ? self.keys.indexes(of: number) : self.keys.indexes(ofTest: number)
    }

    /// Returns a new code: a random one, or the fixed code of a test number.
    func makeCode(for number: PhoneNumber, using random: inout Randomness.Numbers) -> OneTimeCode {
        guard let test = self.testNumber(number) else { return self.policy.format.makeCode(using: &random) }
        return OneTimeCode(bytes: Array(test.code.utf8))
    }

    /// Ends the send of a test number without a message.
    ///
    /// - Parameters:
    ///   - test: The test number.
    ///   - reservation: The reservation of the send, which the store has counted.
    ///   - number: The indexes of the number.
    /// - Returns: The outcome of an accepted message.
    /// - Throws: ``OTPError`` with the code `destinationNotAllowed` if the end of the test number has passed by the store's
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

    /// Refuses a right code if the end of the test number has passed by the store's clock.
    func checkEnd(of number: PhoneNumber, at time: StoreTime) throws(OTPError) {
        guard let test = self.testNumber(number), time.date >= test.end else { return }
        throw OTPError.expired
    }
}
