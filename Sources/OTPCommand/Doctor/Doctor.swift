// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import CHiredis
import Hiredis
import OTP
import OTPEnvironment
import SMSKit
import SendGuard

/// The checks of the settings, Redis, the credential and the gateway.
struct Doctor: Sendable {
    let settings: OTPSettings

    func examine() async -> [Finding] {
        var findings = [
            Finding("hiredis", "\(HIREDIS_MAJOR).\(HIREDIS_MINOR).\(HIREDIS_PATCH)")
        ]
        findings += await self.redis()
        findings.append(self.keys())
        findings.append(self.countries())
        findings.append(NumberingExamination(settings: self.settings).finding())
        findings.append(self.texts())
        findings.append(self.sendGuard())
        findings.append(self.audit())
        findings.append(await self.credentials())
        findings += await GatewayExamination(settings: self.settings).findings()
        return findings
    }

    private func keys() -> Finding {
        self.setting("keys") { "\(try self.settings.keys)" }
    }

    private func countries() -> Finding {
        self.setting("countries") {
            let count = try self.settings.policy().destinations.count
            return "\(count) region\(count == 1 ? "" : "s")"
        }
    }

    private func texts() -> Finding {
        self.setting("texts") {
            // Another check reports an invalid `OTP_COUNTRIES`. In this case, the texts of all languages are checked.
            let policy = (try? self.settings.policy()) ?? OTPPolicy(destinations: Set(Region.all))
            let messages = try self.settings.messages(for: policy)
            let segments = try messages.check(for: policy)
            let languages = messages.languages(for: policy).map(\.rawValue).joined(separator: ", ")
            return "\(languages): at most \(segments) segment\(segments == 1 ? "" : "s") a message"
        }
    }

    private func sendGuard() -> Finding {
        var remedy: String?
        let finding = self.setting("guard") {
            // Another check reports an invalid `OTP_COUNTRIES`.
            let destinations = (try? self.settings.policy().destinations) ?? []
            guard let policy = try self.settings.guardPolicy(destinations: destinations) else {
                remedy = "set OTP_GUARD"
                return "none, so limits apply to each number separately"
            }
            let budget = policy.serviceBudget
            guard budget.messages != nil || budget.money != nil else {
                remedy = "set budgets.service in OTP_GUARD"
                return "\(policy.rules.count) rules, no budget for the whole service; the gateway has no spending limit"
            }
            return "\(policy.rules.count) rules"
        }
        return remedy.map { Finding("guard", finding.value, .warn, remedy: $0) } ?? finding
    }

    private func audit() -> Finding {
        self.setting("audit") {
            try self.settings.auditTrail(LogAuditSink()) == nil ? "off" : "on"
        }
    }

    private func credentials() async -> Finding {
        await CredentialExamination(settings: self.settings).finding()
    }

    /// Runs a closure that reads a setting; if the setting is missing or invalid, the result is a failure.
    private func setting(_ check: String, _ read: () throws -> String) -> Finding {
        do {
            return Finding(check, try read())
        } catch {
            return .fault(check, error)
        }
    }

    private func redis() async -> [Finding] {
        do {
            return await RedisExamination(configuration: try self.settings.redis).findings()
        } catch {
            return [.fault("redis", error)]
        }
    }
}

extension Finding {
    /// Creates the result for a missing or invalid setting.
    static func fault(_ check: String, _ error: any Error) -> Finding {
        let failure = CommandFailure(error)
        var finding = Finding(check, failure.message, .fail)
        finding.isUnreadable = failure.code != "missingSetting"
        return finding
    }
}
