// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OTP
import SendGuard

/// The options for facts about the client, such as its address.
///
/// The guard's rules use these facts.
struct ClientOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The address of the client, for the guard (OTP_GUARD).", valueName: "address"))
    var source: String?

    @Flag(help: "State that the number was verified before; the guard then applies only its budgets and growth limits.")
    var knownNumber = false

    var info: ClientInfo {
        get throws(CommandFailure) {
            var info = ClientInfo(isKnownNumber: self.knownNumber)
            guard let text = self.source else { return info }
            guard let source = SourceAddress(text) else {
                throw .usage("--source is not an address such as 192.0.2.1 or 2001:db8::1")
            }
            info.source = source
            return info
        }
    }
}
