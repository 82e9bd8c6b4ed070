// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import Foundation
import OTPEnvironment

/// The variables for the inbox of the emulator.
///
/// Commands use these variables to read the inbox. A service does not use them.
extension OTPSettings {
    /// Returns the URL of the inbox.
    func inboxURL() throws(OTPSettingsError) -> String {
        let variable: Variable = self.value(.inboxURL) == nil ? .smsEndpoint : .inboxURL
        guard let text = self.value(variable) else { throw self.missing(.inboxURL) }
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host()?.isEmpty == false,
            url.user() == nil, url.query() == nil, url.fragment() == nil
        else {
            let problem = "it must have scheme, host and port, such as http://127.0.0.1:8026"
            throw self.invalid(variable.name, problem, remedy: Variable.inboxURL.remedy)
        }
        return text
    }

    /// Returns the namespace of the inbox; `nil` for all namespaces.
    func inboxNamespace() throws(OTPSettingsError) -> String? {
        guard let name = self.value(.inboxNamespace) else { return nil }
        guard InboxNamespace.isValid(name) else {
            throw self.invalid(.inboxNamespace, "it must have 1 to 128 letters, digits and .-_@")
        }
        return name
    }

    /// Returns the token of the inbox; `nil` if no token is set.
    ///
    /// There is no option for the token, because other users of the machine can read the arguments of a process.
    func inboxToken() throws(OTPSettingsError) -> InboxToken? {
        guard let text = self.value(.inboxToken) else { return nil }
        do {
            return try InboxToken(text)
        } catch {
            throw self.invalid(.inboxToken, "\(error)")
        }
    }

    /// Returns the token of the inbox, unless the URL could belong to the real gateway.
    ///
    /// - Parameter url: The URL from ``inboxURL()``.
    /// - Returns: The token; `nil` if no token is set, or if the URL comes from `OTP_SMS_ENDPOINT` and names another machine.
    /// - Throws: `OTPSettingsError` if the token is invalid.
    func inboxToken(for url: String) throws(OTPSettingsError) -> InboxToken? {
        let token = try self.inboxToken()
        guard self.value(.inboxURL) != nil || Self.isLoopback(url) else { return nil }
        return token
    }

    /// Adds the errors of invalid inbox variables.
    func checkInbox(_ problems: inout SettingProblems) {
        problems.check { () throws(OTPSettingsError) in
            if self.value(.inboxURL) != nil { _ = try self.inboxURL() }
        }
        problems.check { () throws(OTPSettingsError) in _ = try self.inboxNamespace() }
        problems.check { () throws(OTPSettingsError) in _ = try self.inboxToken() }
    }

    private static func isLoopback(_ url: String) -> Bool {
        guard let host = URL(string: url)?.host() else { return false }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return ["localhost", "::1", "[::1]"].contains(host.lowercased())
            || (octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil })
    }
}
