// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OTPEnvironment
import SMSKit

/// The argument for a phone number.
struct NumberArgument: ParsableArguments {
    @Argument(help: "The phone number, with its calling code.")
    var number: String

    /// Parses the phone number with the numbering plan of the settings.
    func phoneNumber(_ settings: OTPSettings) throws -> PhoneNumber {
        try Arguments.number(self.number, settings)
    }
}
