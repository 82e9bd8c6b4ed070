// SPDX-License-Identifier: Apache-2.0

import Logging
import OTPEnvironment
import OTPServer
import ServiceLifecycle
import UnixSignals

/// Reads the API keys again after each SIGHUP.
struct KeyReloader: Service {
    let settings: ServerSettings
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() {
            do throws(OTPSettingsError) {
                try self.settings.reloadKeys()
                self.logger.notice("API keys loaded", metadata: ["otp.keys": "\(self.settings.keys.count)"])
            } catch {
                self.logger.error("API keys not loaded", metadata: ["otp.error": "\(error)"])
            }
        }
    }
}
