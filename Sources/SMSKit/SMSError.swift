// SPDX-License-Identifier: Apache-2.0

/// The reason why a message was not accepted, or may not have been.
///
/// It contains no text, phone number or secret, and can be logged.
public struct SMSError: Error, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The gateway's code, or a short name of this package such as `timeout`.
    ///
    /// Codes have no dynamic values, so they are fit for a metric label.
    public var code: String

    /// The kind of the error, which decides who can act on it.
    public var kind: Kind

    /// The explanation for people, without the text, the phone number or any secret.
    public var message: String

    /// The wait before a retry can succeed: the time that the gateway sent, or the window of the limit that its code names.
    public var retryAfter: Duration?

    /// The gateway's identifier of the request, for its support staff.
    public var requestID: String?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The gateway's code, or a short name of the client.
    ///   - kind: The kind of the error.
    ///   - message: The explanation for people, without the text, the phone number or any secret.
    ///   - retryAfter: The wait before a retry can succeed.
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
