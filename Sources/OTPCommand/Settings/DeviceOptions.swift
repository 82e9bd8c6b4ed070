// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OTP

/// The option for the user's device token, for commands that can send a message.
struct DeviceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file with the device token of an earlier verification, or - for standard input.",
            valueName: "file"
        )
    )
    var device: String?

    /// Returns the facts about the client, with the device token if `--device` is set.
    func info(_ client: ClientOptions) throws(CommandFailure) -> ClientInfo {
        var info = try client.info
        if let device = self.device { info.deviceToken = try Arguments.deviceToken(in: device) }
        return info
    }
}
