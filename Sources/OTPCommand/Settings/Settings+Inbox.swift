// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import Foundation

extension Settings {
    /// The namespace of the inbox; `nil` for all namespaces.
    func inboxNamespace() throws(CommandFailure) -> String? {
        guard let name = self.value("OTP_INBOX_NAMESPACE") else { return nil }
        guard InboxNamespace.isValid(name) else {
            throw .unusable("OTP_INBOX_NAMESPACE", "it must have 1 to 128 letters, digits and .-_@")
        }
        return name
    }

    /// The token of the inbox.
    ///
    /// It has no option, because all users of a machine can read arguments.
    func inboxToken() throws(CommandFailure) -> InboxToken? {
        guard let text = self.value("OTP_INBOX_TOKEN") else { return nil }
        do {
            return try InboxToken(text)
        } catch {
            throw .unusable("OTP_INBOX_TOKEN", "\(error)")
        }
    }

    /// The token of the inbox, unless the URL is that of the gateway and on another machine.
    ///
    /// - Parameter url: The URL that ``inboxURL()`` returned.
    /// - Returns: The token, or `nil` if there is none or `OTP_SMS_ENDPOINT` may be the real gateway.
    /// - Throws: ``CommandFailure`` if the token cannot be used.
    func inboxToken(for url: String) throws(CommandFailure) -> InboxToken? {
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
