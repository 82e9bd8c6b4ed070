// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import Foundation

extension Settings {
    /// Returns the namespace of the inbox, or `nil` for all namespaces.
    func inboxNamespace() throws(CommandFailure) -> String? {
        guard let name = self.value("OTP_INBOX_NAMESPACE") else { return nil }
        guard InboxNamespace.isValid(name) else {
            throw .unusable("OTP_INBOX_NAMESPACE", "it must have 1 to 128 letters, digits and .-_@")
        }
        return name
    }

    /// Returns the token of the inbox.
    ///
    /// There is no option for the token, because all users of a machine can read arguments.
    func inboxToken() throws(CommandFailure) -> InboxToken? {
        guard let text = self.value("OTP_INBOX_TOKEN") else { return nil }
        do {
            return try InboxToken(text)
        } catch {
            throw .unusable("OTP_INBOX_TOKEN", "\(error)")
        }
    }

    /// Returns the token of the inbox, unless the URL may belong to the real gateway.
    ///
    /// - Parameter url: The URL that ``inboxURL()`` returned.
    /// - Returns: The token. It is `nil` if there is none, or if the URL comes from `OTP_SMS_ENDPOINT` and is not on this
    ///   machine.
    /// - Throws: ``CommandFailure`` if the token is invalid.
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
