// SPDX-License-Identifier: Apache-2.0

/// The reason why the gateway did not accept a message, or why the outcome is unknown.
///
/// An error contains no message text, phone number or secret, so it can be logged.
public struct SMSError: Error, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The gateway's error code, or a short name from this package such as `timeout`.
    ///
    /// A code never contains a phone number or an identifier, so codes can serve as metric labels.
    public var code: String

    /// The kind of the error, such as an empty balance or an invalid number.
    public var kind: Kind

    /// An explanation for people, without the message text, the phone number or any secret.
    public var message: String

    /// The shortest wait after which a retry can succeed; `nil` if unknown.
    ///
    /// The wait comes from the gateway's response, or from the time window of the limit that was exceeded.
    public var retryAfter: Duration?

    /// The gateway's identifier of the request, for questions to the gateway's support.
    public var requestID: String?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The gateway's error code, or a short name from the client.
    ///   - kind: The kind of the error.
    ///   - message: An explanation for people, without the message text, the phone number or any secret.
    ///   - retryAfter: The shortest wait after which a retry can succeed; `nil` if unknown.
    ///   - requestID: The gateway's identifier of the request.
    public init(
        code: String,
        kind: Kind,
        message: String,
        retryAfter: Duration? = nil,
        requestID: String? = nil
    ) {
        self.code = code
        self.kind = kind
        self.message = message
        self.retryAfter = retryAfter
        self.requestID = requestID
    }

    /// The code, the kind and the message.
    public var description: String { "\(self.code) (\(self.kind)): \(self.message)" }
}
