public import SMSKit

extension AlibabaSMSClient: SMSClient {
    /// Hands one message to the gateway.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - timeout: The longest that this call may take; the configuration's total timeout also holds. It should be
    ///     longer than the configuration's `connectTimeout`, or a gateway that cannot be reached may end as unknown.
    /// - Returns: What became of the message. A receipt's identifier is empty if the gateway gave none.
    public func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
        if message.recipient.isMainlandChina { return await self.sendToMainland(message, timeout: timeout) }
        let request = SendMessageToGlobe(
            to: message.recipient,
            message: message.text,
            from: self.configuration.senderID,
            type: .init(message.category),
            taskID: message.dispatchID,
            validityPeriod: message.validity.map(Self.wholeSeconds)
        )
        return SMSSendOutcome(await self.perform(request, timeout: timeout).outcome) { answer in
            (answer.messageID, answer.segments, answer.requestID)
        }
    }

    /// Whether the gateway serves a number through this client.
    ///
    /// - Parameter number: The recipient.
    /// - Returns: `false` for mainland China, where only approved templates may be sent, unless one is configured.
    public func canSend(to number: PhoneNumber) -> Bool {
        !number.isMainlandChina || self.configuration.mainlandTemplate != nil
    }

    private func sendToMainland(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
        guard let template = self.configuration.mainlandTemplate else {
            return .rejected(SMSError(.invalidMessage("there is no template for mainland China")))
        }
        guard message.category == .oneTimePassword else {
            return .rejected(SMSError(.invalidMessage("the template for mainland China is for verification codes")))
        }
        var values: [String: String] = [:]
        for (name, source) in template.variables {
            guard let value = message.variables[source] else {
                return .rejected(SMSError(.invalidMessage("the message lacks a variable of the template")))
            }
            values[name] = value
        }
        let request = SendMessageWithTemplate(
            to: message.recipient,
            from: template.signature,
            templateCode: template.code,
            templateParameters: values,
            validityPeriod: message.validity.map(Self.wholeSeconds)
        )
        return SMSSendOutcome(await self.perform(request, timeout: timeout).outcome) { answer in
            (answer.messageID, answer.segments, answer.requestID)
        }
    }

    /// Less than a second is rounded up to one, which is the least that the gateway takes; nothing is not.
    private static func wholeSeconds(_ duration: Duration) -> Int {
        guard duration > .zero else { return 0 }
        return Int(clamping: max(1, duration.components.seconds))
    }
}

extension AlibabaSMSError {
    fileprivate static func invalidMessage(_ reason: String) -> AlibabaSMSError {
        AlibabaSMSError(.invalidRequest, field: "message", message: "nothing was sent: \(reason)")
    }
}

extension SMSSendOutcome {
    /// The outcome as a caller knows it that knows no gateway.
    fileprivate init<Response>(
        _ outcome: AlibabaSMSOutcome<Response>,
        receipt: (Response) -> (messageID: String?, segments: String?, requestID: String?)
    ) {
        switch outcome {
        case .accepted(let answer):
            let fields = receipt(answer)
            self = .accepted(
                SMSReceipt(
                    messageID: SafeText.messageID(fields.messageID) ?? "",
                    segments: fields.segments.flatMap { Int($0) },
                    requestID: SafeText.requestID(fields.requestID)
                )
            )
        case .rejected(let error): self = .rejected(SMSError(error))
        case .unknown(let error): self = .unknown(SMSError(error))
        }
    }
}

extension SendMessageToGlobe.MessageType {
    /// The gateway's name for what a message is for.
    init(_ category: SMSMessage.Category) {
        switch category {
        case .oneTimePassword: self = .oneTimePassword
        case .promotion: self = .promotion
        default: self = .notification
        }
    }
}
