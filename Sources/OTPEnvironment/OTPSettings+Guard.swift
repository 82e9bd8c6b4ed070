// SPDX-License-Identifier: Apache-2.0

public import OTP
package import SMSKit
public import SendGuard

extension OTPSettings {
    /// Whether `OTP_PROFILE` is `production`; the default profile is `development`.
    ///
    /// The production profile requires a guard. See ``guardPolicy(for:)``.
    public var isProduction: Bool {
        get throws(OTPSettingsError) {
            try self.profile == .production
        }
    }

    /// Reads the guard's policy from `OTP_GUARD`.
    ///
    /// The variable contains a JSON document, or the path of a file with the document. The YAML settings file of the program
    /// `otp` can contain the document as a mapping. If `OTP_HUMAN_CHECK` is set, the policy has a human check.
    ///
    /// In the production profile, `OTP_GUARD` is required, and the policy must have a budget for the whole service. The policy
    /// must also have prices for these regions:
    ///
    /// * the destinations of the service,
    /// * the home regions, in which the service has users, and
    /// * the regions with a budget.
    ///
    /// The price `other` applies to all regions without their own price.
    ///
    /// - Parameter policy: The policy of the service.
    /// - Returns: The guard's policy; `nil` for no guard.
    /// - Throws: ``OTPSettingsError`` with the name of the variable and the invalid entry of the document.
    public func guardPolicy(for policy: OTPPolicy) throws(OTPSettingsError) -> GuardPolicy? {
        try self.guardPolicy(destinations: policy.destinations)
    }

    /// Creates the `SendGate` of a service, with the guard from `OTP_GUARD` and the human check from `OTP_HUMAN_CHECK`.
    ///
    /// Through the gate, the service asks the guard before each message whether the message may be sent.
    ///
    /// - Parameters:
    ///   - ledger: The store of the guard's counts, which all processes of the service share.
    ///   - policy: The policy of the service.
    /// - Returns: The gate; `nil` for no guard.
    /// - Throws: ``OTPSettingsError`` with the name of the variable and the invalid entry of the document.
    public func sendGate(_ ledger: any SendLedger, for policy: OTPPolicy) throws(OTPSettingsError) -> SendGate? {
        try self.guardPolicy(for: policy)
            .map { policy throws(OTPSettingsError) in
                try self.sendGate(ledger, policy)
            }
    }

    /// Creates the `SendGate` of a service, with a guard that has the given policy.
    package func sendGate(
        _ ledger: any SendLedger,
        _ policy: GuardPolicy
    ) throws(OTPSettingsError) -> SendGate {
        let hash = try self.keys.scopeHash
        let humanCheck = policy.hasHumanCheck ? try self.humanCheck : nil
        do {
            return SendGate(
                try SMSGuard(policy: policy, ledger: ledger, hash: hash),
                humanCheck: humanCheck.map { HumanCheckVerifier($0, hash: hash) }
            )
        } catch {
            throw self.invalid(.sendGuard, error.description)
        }
    }

    /// Reads the guard's policy, with the checks of ``guardPolicy(for:)`` for the given destinations.
    package func guardPolicy(destinations: Set<Region>) throws(OTPSettingsError) -> GuardPolicy? {
        let (isProduction, hasHumanCheck) = (try self.isProduction, try self.humanCheckProvider != nil)
        guard let (bytes, prefix) = try self.document(in: .sendGuard) else {
            guard !isProduction else { throw self.missing(.sendGuard) }
            return nil
        }
        do throws(GuardFile.Mistake) {
            var policy = try GuardFile(json: bytes).policy
            policy.hasHumanCheck = hasHumanCheck
            if isProduction { try Self.checkForProduction(policy, destinations) }
            return policy
        } catch {
            throw self.invalid(.sendGuard, prefix + error.text)
        }
    }

    private static func checkForProduction(
        _ policy: GuardPolicy,
        _ destinations: Set<Region>
    ) throws(GuardFile.Mistake) {
        guard policy.serviceBudget.messages != nil || policy.serviceBudget.money != nil else {
            throw GuardFile.Mistake(
                entry: "budgets.service",
                reason: "the production profile needs a budget of messages or money for the whole service"
            )
        }
        guard policy.otherPrice == nil else { return }
        let listed = destinations.union(policy.homeRegions).union(policy.regionBudgets.keys)
        let unpriced = listed.filter { policy.prices[$0] == nil }
        guard let region = unpriced.min(by: { $0.code < $1.code }) else { return }
        throw GuardFile.Mistake(
            entry: "prices.\(region.code)",
            reason: "the production profile needs a price for each listed region"
        )
    }
}
