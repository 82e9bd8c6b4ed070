public import SMS

extension AlibabaSMSClient: SMSClient {
    /// Hands one message to the gateway.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - timeout: The longest that this call may take; the configuration's total timeout also holds. It should be
    ///     longer than the configuration's `connectTimeout`, or a gateway that cannot be reached may end as unknown.
    /// - Returns: What became of the message. A receipt's identifier is empty if the gateway gave none.
    public func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
        let request = SendMessageToGlobe(
            to: message.recipient,
            message: message.text,
            from: self.configuration.senderID,
            type: .init(message.category),
            taskID: message.dispatchID,
            validityPeriod: message.validity.map(Self.wholeSeconds)
        )
        switch await self.perform(request, timeout: timeout) {
        case .accepted(let answer):
            let receipt = SMSReceipt(
                messageID: SafeText.messageID(answer.messageID) ?? "",
                segments: answer.segments.flatMap { Int($0) },
                requestID: SafeText.requestID(answer.requestID)
            )
            return .accepted(receipt)
        case .rejected(let error):
            return .rejected(error)
        case .unknown(let error):
            return .unknown(error)
        }
    }

    /// Whether the gateway serves a number through this client.
    ///
    /// - Parameter number: The recipient.
    /// - Returns: `false` for mainland China, where only approved templates may be sent.
    public func canSend(to number: PhoneNumber) -> Bool { !number.isMainlandChina }

    /// Less than a second is rounded up to one, which is the least that the gateway takes; nothing is not.
    private static func wholeSeconds(_ duration: Duration) -> Int {
        guard duration > .zero else { return 0 }
        return Int(clamping: max(1, duration.components.seconds))
    }
}

extension SendMessageToGlobe.MessageType {
    /// The gateway's name for what a message is for.
    init(_ category: SMSMessage.Category) {
        switch category {
        case .oneTimePassword: self = .oneTimePassword
        case .notification: self = .notification
        case .promotion: self = .promotion
        }
    }
}
