// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
public import SiteVerify

extension OTPSettings {
    /// The human check from `OTP_HUMAN_CHECK`; `nil` if the variable is not set.
    ///
    /// ``sendGate(_:for:)`` already uses this check. A server also needs the check to show the provider's widget.
    public var humanCheck: SiteVerifyCheck? {
        get throws(OTPSettingsError) {
            guard let provider = try self.humanCheckProvider else { return nil }
            let (variable, secret) = try self.humanCheckSecret
            let configuration = SiteVerifyConfiguration(provider, secret: secret, hostnames: try self.hostnames)
            let hash = try self.keys.scopeHash
            do {
                return try SiteVerifyCheck(configuration, hash: hash)
            } catch {
                throw self.invalid(variable, error.message)
            }
        }
    }

    /// The provider of human checks in `OTP_HUMAN_CHECK`; `nil` if the variable is not set.
    ///
    /// Only a guard asks for a human check. The property therefore throws an error if `OTP_HUMAN_CHECK` is set, but `OTP_GUARD`
    /// is not set.
    var humanCheckProvider: SiteVerifyProvider? {
        get throws(OTPSettingsError) {
            guard let name = self.value(.humanCheck) else { return nil }
            guard let provider = SiteVerifyProvider.all.first(where: { $0.description == name }) else {
                throw self.invalid(.humanCheck, "it is not a provider of human checks")
            }
            guard self.value(.sendGuard) != nil else {
                throw self.invalid(.humanCheck, "only a guard asks for a human check, and OTP_GUARD is not set")
            }
            return provider
        }
    }

    private var humanCheckSecret: (Variable, String) {
        get throws(OTPSettingsError) {
            switch (self.value(.humanCheckSecret), self.value(.humanCheckSecretFile)) {
            case (let secret?, nil): return (.humanCheckSecret, secret)
            case (nil, let path?):
                guard let data = self.readFile(path), let text = String(data: data, encoding: .utf8) else {
                    throw self.unreadable(.humanCheckSecretFile, path)
                }
                return (.humanCheckSecretFile, text.trimmingCharacters(in: .whitespacesAndNewlines))
            case (_?, _?): throw self.invalid(.humanCheckSecretFile, "OTP_HUMAN_CHECK_SECRET is set, too")
            case (nil, nil): throw self.missing(.humanCheckSecret)
            }
        }
    }

    private var hostnames: Set<String> {
        get throws(OTPSettingsError) {
            guard let text = self.value(.humanCheckHostnames) else { return [] }
            return Set(
                try self.entries(of: text, in: .humanCheckHostnames, "is not a host name") { name in
                    let isHost = name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && !name.contains(/[\/:@?#]/)
                    return name.isEmpty || !isHost ? nil : name
                }
            )
        }
    }
}
