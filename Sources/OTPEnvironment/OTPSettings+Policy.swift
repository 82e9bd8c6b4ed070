// SPDX-License-Identifier: Apache-2.0

public import OTP
public import SMSKit

extension OTPSettings {
    /// Reads the policy: the format of codes, all limits, the destinations, the profile and the test numbers.
    ///
    /// The limits include the device lane (`DeviceLane`), which only known devices can use. `Docs/Limits.md` lists the
    /// variables. If a variable is not set, its setting has the default value.
    ///
    /// - Parameter destinations: The regions to which codes are sent; `nil` to read `OTP_COUNTRIES`, which is then required.
    /// - Returns: The policy.
    /// - Throws: ``OTPSettingsError`` with the name of the variable if a value is missing, invalid or out of range.
    public func policy(destinations: Set<Region>? = nil) throws(OTPSettingsError) -> OTPPolicy {
        let (draft, problems) = self.policyDraft()
        if let problem = problems.first { throw problem }
        var policy = draft.policy(destinations: destinations ?? [])
        if destinations == nil { policy.destinations = try self.destinations }
        if let kinds = try self.numberKinds { policy.kinds = kinds }
        policy.profile = try self.profile
        policy.testNumbers = try self.testNumbers
        return policy
    }

    /// Returns the draft of the policy, and the errors of all invalid settings.
    ///
    /// In the draft, each invalid setting has its default value.
    func policyDraft() -> (draft: PolicyDraft, problems: [OTPSettingsError]) {
        var draft = PolicyDraft()
        var problems: [OTPSettingsError] = []
        for setting in PolicySetting.all {
            guard let text = self.value(setting.variable), !setting.read(text, &draft) else { continue }
            problems.append(self.invalid(setting.variable, setting.problem))
        }
        // Each round restores the default of one setting, so the loop ends.
        for _ in PolicySetting.all {
            guard let (setting, problem) = Self.invalidSetting(draft) else { break }
            setting.reset(&draft)
            let error = self.invalid(setting.variable, problem)
            if !problems.contains(error) { problems.append(error) }
        }
        return (draft, problems)
    }

    /// Returns the first setting that is out of range, and the problem; `nil` if all settings are valid.
    private static func invalidSetting(_ draft: PolicyDraft) -> (PolicySetting, String)? {
        do {
            // Other properties check the destinations and the test numbers, so all regions are used here.
            try draft.policy(destinations: Set(Region.all)).validate()
            return nil
        } catch {
            let needsSubject = ["must ", "has ", "lists ", "needs "].contains { error.message.hasPrefix($0) }
            let problem = needsSubject ? "it \(error.message)" : error.message
            return PolicySetting.all.first { $0.field == error.setting }.map { ($0, problem) }
        }
    }
}
