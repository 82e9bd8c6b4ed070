// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OTP

/// The options for the purpose and the context of a code.
struct CodeOptions: ParsableArguments {
    @Option(name: .customLong("purpose"), help: "The purpose of the code.")
    var purposeName = "registration"

    @Option(
        name: .customLong("context"),
        help: ArgumentHelp("Additional data that the code is bound to, such as amount and payee.", valueName: "text")
    )
    var text: String?

    var purpose: OTPPurpose {
        get throws(CommandFailure) { try Arguments.purpose(self.purposeName) }
    }

    var context: [String] { self.text.map { [$0] } ?? [] }
}

/// The options that affect the text of a message.
struct MessageOptions: ParsableArguments {
    @OptionGroup var code: CodeOptions

    @Option(help: "The language of the message, such as en or zh-CN.")
    var locale: String?
}
