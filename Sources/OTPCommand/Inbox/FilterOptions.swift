// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import ArgumentParser
import OTPEnvironment
import SMSKit

/// The options that select messages in the inbox.
struct FilterOptions: ParsableArguments {
    @OptionGroup var place: AfterOptions

    @Option(help: ArgumentHelp("Only messages to this number.", valueName: "number"))
    var to: String?

    /// Returns the filter for these options.
    func filter(_ settings: OTPSettings) throws -> InboxFilter {
        InboxFilter(to: try self.to.map { try Arguments.number($0, settings).e164 }, after: self.place.cursor)
    }
}
