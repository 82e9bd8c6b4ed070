import AlibabaSMSEmulator

extension Settings {
    /// The namespace of the inbox that is read; `nil` is every one.
    func inboxNamespace() throws(CommandFailure) -> String? {
        guard let name = self.value("OTP_INBOX_NAMESPACE") else { return nil }
        guard InboxNamespace.isValid(name) else {
            throw .unusable("OTP_INBOX_NAMESPACE", "it is 1 to 128 letters, digits and .-_@")
        }
        return name
    }

    /// The token of the inbox, which is never an argument: those are seen by everyone on the machine.
    func inboxToken() throws(CommandFailure) -> InboxToken? {
        guard let text = self.value("OTP_INBOX_TOKEN") else { return nil }
        do {
            return try InboxToken(text)
        } catch {
            throw .unusable("OTP_INBOX_TOKEN", "\(error)")
        }
    }
}
