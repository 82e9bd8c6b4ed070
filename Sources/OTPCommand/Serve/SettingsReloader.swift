// SPDX-License-Identifier: Apache-2.0

import Logging
import ServiceLifecycle
import UnixSignals

/// Reloads the settings of the HTTP service after each SIGHUP.
struct SettingsReloader: Service {
    /// The SIGHUP signals, which must be trapped before the service accepts connections.
    let signals: UnixSignalsSequence

    let logger: Logger

    /// Reloads the settings, and returns the names of changed variables that take effect only after a restart.
    ///
    /// If a setting is invalid, the closure throws an error and changes nothing.
    let reload: @Sendable () async throws -> [String]

    func run() async throws {
        for await _ in self.signals.cancelOnGracefulShutdown() {
            do {
                let waiting = try await self.reload()
                self.logger.notice("Settings loaded")
                guard !waiting.isEmpty else { continue }
                self.logger.warning(
                    "Settings need a restart",
                    metadata: ["otp.settings": "\(waiting.joined(separator: ", "))"]
                )
            } catch {
                let text = CommandFailure(error).message
                self.logger.error("Settings not loaded", metadata: ["otp.error": "\(text)"])
            }
        }
    }
}
