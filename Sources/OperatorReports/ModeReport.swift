// SPDX-License-Identifier: Apache-2.0

package import SendGuard

/// The mode of a guard's rule, such as `monitor`, after a change.
package struct ModeReport: Encodable, Sendable {
    package var rule: String
    /// The name of the current mode.
    package var mode: String
    package var policyMode: String
    package var version: Int
}

extension SMSGuard {
    /// Sets the mode of a rule in every process that uses the same ledger, which is the shared store of the guard.
    ///
    /// - Parameter change: The rule and its new mode.
    /// - Returns: The mode after the change.
    /// - Throws: `GuardConfigurationError` if the policy does not contain the rule, or an error of the ledger.
    package func apply(_ change: ModeChange) async throws -> ModeReport {
        let modes = try await self.setMode(change.mode, of: change.rule)
        return ModeReport(
            rule: "\(change.rule)",
            mode: change.effectiveMode(in: self.configuredPolicy),
            policyMode: "\(self.configuredPolicy[change.rule]?.mode ?? .off)",
            version: modes.version
        )
    }
}
