// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OTP
import OTPEnvironment
import SMSKit

/// The arguments for the phone number and the token, which identify a challenge.
struct ChallengeArguments: ParsableArguments {
    @OptionGroup var number: NumberArgument

    @Argument(help: "The token that issue printed.")
    var token: String

    /// Parses the phone number and the token.
    func parse(_ settings: OTPSettings) throws -> (number: PhoneNumber, token: ChallengeToken) {
        (try self.number.phoneNumber(settings), try Arguments.token(self.token))
    }
}
