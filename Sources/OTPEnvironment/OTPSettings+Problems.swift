// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import OTP
import SMSKit

extension OTPSettings {
    /// Returns the errors of all settings of a service that sends messages, at most one error per variable.
    ///
    /// The method opens no connection.
    package func problems() async -> [OTPSettingsError] {
        var problems = SettingProblems(self.policyDraft().problems)
        let policy = (try? self.policy()) ?? OTPPolicy(destinations: (try? self.destinations) ?? Set(Region.all))
        var client: AlibabaSMSClient?
        problems.check { () throws(OTPSettingsError) in _ = try self.redis }
        problems.check { () throws(OTPSettingsError) in _ = try self.keys }
        problems.check { () throws(OTPSettingsError) in _ = try self.destinations }
        problems.check { () throws(OTPSettingsError) in _ = try self.numberKinds }
        problems.check { () throws(OTPSettingsError) in _ = try self.numberingPlan }
        problems.check { () throws(OTPSettingsError) in _ = try self.profile }
        problems.check { () throws(OTPSettingsError) in _ = try self.testNumbers }
        problems.check { () throws(OTPSettingsError) in _ = try self.messages(for: policy) }
        problems.check { () throws(OTPSettingsError) in _ = try self.guardPolicy(for: policy) }
        problems.check { () throws(OTPSettingsError) in _ = try self.humanCheck }
        problems.check { () throws(OTPSettingsError) in _ = try self.auditTrail(LogAuditSink()) }
        problems.check { () throws(OTPSettingsError) in _ = try self.credential }
        problems.check { () throws(OTPSettingsError) in client = try self.smsClient() }
        try? await client?.shutdown()
        return problems.all
    }
}
