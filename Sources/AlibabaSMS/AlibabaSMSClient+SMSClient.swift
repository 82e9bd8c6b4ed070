// SPDX-License-Identifier: Apache-2.0

public import SMSKit

extension AlibabaSMSClient: SMSClient {
    /// Sends one message.
    ///
    /// - Parameters:
    ///   - message: The message to send.
    ///   - timeout: The maximum duration of the call, including retries. The configuration's `totalTimeout` also applies.
    ///     Choose a timeout longer than `connectTimeout`. A shorter timeout can end during a connection attempt. The outcome
    ///     is then `unknown` instead of `rejected`.
    /// - Returns: The outcome. If the gateway accepted the message but returned no valid message ID, the message ID in the
    ///   outcome is empty.
    public func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
        if message.recipient.isMainlandChina { return await self.sendToMainland(message, timeout: timeout) }
        let request = SendMessageToGlobe(
            to: message.recipient,
            message: message.text,
            from: self.configuration.senderID,
            type: .init(message.category),
            taskID: message.dispatchID,
            validity: message.validity
        )
        return SMSSendOutcome(await self.call(request, timeout: timeout).outcome)
    }

    /// Returns whether the client can send to a number.
    ///
    /// - Parameter number: The recipient.
    /// - Returns: `false` for a number in mainland China if ``AlibabaSMSConfiguration/mainlandTemplate`` is not set; otherwise
    ///   `true`.
    public func canSend(to number: PhoneNumber) -> Bool {
        !number.isMainlandChina || self.configuration.mainlandTemplate != nil
    }

    private func sendToMainland(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
        guard let template = self.configuration.mainlandTemplate else {
            return .rejected(SMSError(.invalidMessage("numbers of mainland China need mainlandTemplate")))
        }
        guard message.category == .oneTimePassword else {
            return .rejected(SMSError(.invalidMessage("mainlandTemplate is for verification codes only")))
        }
        var values: [String: String] = [:]
        for (name, source) in template.variables {
            guard let value = message.variables[source] else {
                return .rejected(SMSError(.invalidMessage("the message lacks a variable of mainlandTemplate")))
            }
            values[name] = value
        }
        let request = SendMessageWithTemplate(
            to: message.recipient,
            from: template.signature,
            templateCode: template.code,
            templateParameters: values,
            validity: message.validity
        )
        return SMSSendOutcome(await self.call(request, timeout: timeout).outcome)
    }
}

extension AlibabaSMSError {
    fileprivate static func invalidMessage(_ reason: String) -> AlibabaSMSError {
        AlibabaSMSError(.invalidRequest, field: "message", message: "nothing was sent: \(reason)")
    }
}

extension SMSSendOutcome {
    fileprivate init(_ outcome: AlibabaSMSOutcome<SendMessageResponse>) {
        switch outcome {
        case .accepted(let response):
            self = .accepted(
                SMSReceipt(
                    messageID: SafeText.messageID(response.messageID) ?? "",
                    segments: response.segments,
                    requestID: SafeText.requestID(response.header.requestID)
                )
            )
        case .rejected(let error): self = .rejected(SMSError(error))
        case .unknown(let error): self = .unknown(SMSError(error))
        }
    }
}

extension SendMessageToGlobe.MessageType {
    init(_ category: SMSMessage.Category) {
        switch category {
        case .oneTimePassword: self = .oneTimePassword
        case .promotion: self = .promotion
        default: self = .notification
        }
    }
}
