// SPDX-License-Identifier: Apache-2.0

import SMSKit
package import SendGuard

/// The lockdown of a region or of the whole service, after a change.
package struct LockdownReport: Encodable, Sendable {
    /// The text `on` if the lockdown is active, and otherwise `off`.
    package var lockdown: String
    /// The region of the lockdown; `nil` for the whole service.
    package var region: String?
    package var seconds: Int?
    /// The reason why an active lockdown has no effect; otherwise `nil`.
    package var warning: String?
}

extension SMSGuard {
    /// Starts or ends a lockdown in every process that uses the same ledger, which is the shared store of the guard.
    ///
    /// - Parameter change: The start or the end of the lockdown.
    /// - Returns: The state of the lockdown after the change.
    /// - Throws: An error of the ledger.
    package func apply(_ change: LockdownChange) async throws -> LockdownReport {
        var report = LockdownReport(lockdown: change.state, region: change.region?.code, seconds: change.seconds)
        guard let seconds = change.seconds else {
            try await self.endLockdown(change.region)
            return report
        }
        try await self.lockDown(change.region, forSeconds: seconds)
        try await self.refreshModes()
        let rule = self.lockdownRule(of: change)
        let mode = self.policy[rule]?.mode ?? .off
        if mode <= .monitor { report.warning = "\(rule) is \(mode), so it refuses no send" }
        return report
    }

    /// Returns the name of the rule that refuses sends during the lockdown.
    package func lockdownRule(of change: LockdownChange) -> GuardRule.Name {
        let scope: GuardScope? = change.region.map { self.policy.homeRegions.contains($0) ? .homeRegion : .region }
        return GuardRule.Name(.lockdown, scope ?? .service)
    }
}
