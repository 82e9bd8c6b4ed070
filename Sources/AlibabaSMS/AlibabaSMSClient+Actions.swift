// SPDX-License-Identifier: Apache-2.0

extension AlibabaSMSClient {
    /// Sends one message to a number outside mainland China.
    ///
    /// - Parameters:
    ///   - action: The message to send.
    ///   - timeout: The maximum duration of the call, including retries. Choose a timeout longer than the configuration's
    ///     `connectTimeout`. A shorter timeout can end during a connection attempt. The outcome is then `unknown` instead of
    ///     `rejected`.
    /// - Returns: The outcome, and the HTTP requests that were made.
    public func perform(
        _ action: SendMessageToGlobe,
        timeout: Duration
    ) async -> AlibabaSMSResult<SendMessageToGlobe.Response> {
        await self.call(action, timeout: timeout)
    }

    /// Sends up to 1,000 messages to numbers outside mainland China.
    ///
    /// - Parameters:
    ///   - action: The messages to send.
    ///   - timeout: The maximum duration of the call, including retries.
    /// - Returns: The outcome, and the HTTP requests that were made.
    public func perform(
        _ action: BatchSendMessageToGlobe,
        timeout: Duration
    ) async -> AlibabaSMSResult<BatchSendMessageToGlobe.Response> {
        await self.call(action, timeout: timeout)
    }

    /// Sends one message to a number in mainland China, using an approved template.
    ///
    /// - Parameters:
    ///   - action: The message to send.
    ///   - timeout: The maximum duration of the call, including retries.
    /// - Returns: The outcome, and the HTTP requests that were made.
    public func perform(
        _ action: SendMessageWithTemplate,
        timeout: Duration
    ) async -> AlibabaSMSResult<SendMessageWithTemplate.Response> {
        await self.call(action, timeout: timeout)
    }

    /// Queries the delivery status of a message.
    ///
    /// - Parameters:
    ///   - action: The query to send.
    ///   - timeout: The maximum duration of the call, including retries.
    /// - Returns: The outcome, and the HTTP requests that were made.
    public func perform(
        _ action: QueryMessage,
        timeout: Duration
    ) async -> AlibabaSMSResult<QueryMessage.Response> {
        await self.call(action, timeout: timeout)
    }

    /// Reports whether a verification code was used.
    ///
    /// Use ``ConversionReporter`` to send such reports in the background.
    ///
    /// - Parameters:
    ///   - action: The report to send.
    ///   - timeout: The maximum duration of the call, including retries.
    /// - Returns: The outcome, and the HTTP requests that were made.
    public func perform(
        _ action: SmsConversion,
        timeout: Duration
    ) async -> AlibabaSMSResult<SmsConversion.Response> {
        await self.call(action, timeout: timeout)
    }

    /// Reports the share of verification codes that were used.
    ///
    /// - Parameters:
    ///   - action: The report to send.
    ///   - timeout: The maximum duration of the call, including retries.
    /// - Returns: The outcome, and the HTTP requests that were made.
    public func perform(
        _ action: ConversionData,
        timeout: Duration
    ) async -> AlibabaSMSResult<ConversionData.Response> {
        await self.call(action, timeout: timeout)
    }
}
