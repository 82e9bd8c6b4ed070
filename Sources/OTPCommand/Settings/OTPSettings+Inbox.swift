// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import Foundation
import OTPEnvironment

/// The variables of the emulator's inbox, which a service does not need.
extension OTPSettings {
    /// Returns the URL of the inbox.
    func inboxURL() throws(OTPSettingsError) -> String {
        let name = self.value("OTP_INBOX_URL") == nil ? "OTP_SMS_ENDPOINT" : "OTP_INBOX_URL"
        let remedy = "set it to the URL that 'otp demo' or 'otp emulator' prints"
        guard let text = self.value(name) else {
            throw OTPSettingsError(.missing, "OTP_INBOX_URL", problem: "it is not set", remedy: remedy)
        }
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host()?.isEmpty == false,
            url.user() == nil, url.query() == nil, url.fragment() == nil
        else {
            let problem = "it must have scheme, host and port, such as http://127.0.0.1:8026"
            throw OTPSettingsError(.invalid, name, problem: problem, remedy: remedy)
        }
        return text
    }

    /// Returns the namespace of the inbox, or `nil` for all namespaces.
    func inboxNamespace() throws(OTPSettingsError) -> String? {
        guard let name = self.value("OTP_INBOX_NAMESPACE") else { return nil }
        guard InboxNamespace.isValid(name) else {
            throw OTPSettingsError(
                .invalid,
                "OTP_INBOX_NAMESPACE",
                problem: "it must have 1 to 128 letters, digits and .-_@"
            )
        }
        return name
    }

    /// Returns the token of the inbox, or `nil` if it is not set.
    ///
    /// There is no option for the token, because other users of the machine can read the arguments of a process.
    func inboxToken() throws(OTPSettingsError) -> InboxToken? {
        guard let text = self.value("OTP_INBOX_TOKEN") else { return nil }
        do {
            return try InboxToken(text)
        } catch {
            throw OTPSettingsError(.invalid, "OTP_INBOX_TOKEN", problem: "\(error)")
        }
    }

    /// Returns the token of the inbox, unless it would be sent to the real gateway.
    ///
    /// - Parameter url: The URL that ``inboxURL()`` returned.
    /// - Returns: The token; `nil` if it is not set, or if the URL is from `OTP_SMS_ENDPOINT` and not on this machine.
    /// - Throws: `OTPSettingsError` if the token is invalid.
    func inboxToken(for url: String) throws(OTPSettingsError) -> InboxToken? {
        let token = try self.inboxToken()
        guard self.value("OTP_INBOX_URL") != nil || Self.isLoopback(url) else { return nil }
        return token
    }

    private static func isLoopback(_ url: String) -> Bool {
        guard let host = URL(string: url)?.host() else { return false }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return ["localhost", "::1", "[::1]"].contains(host.lowercased())
            || (octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil })
    }
}
