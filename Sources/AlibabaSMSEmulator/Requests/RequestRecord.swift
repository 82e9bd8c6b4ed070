// SPDX-License-Identifier: Apache-2.0

import JSONOutput
public import Redaction

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A request to the gateway, with its outcome and the diagnosis of its signature.
///
/// The inbox shows phone number and text in clear. Tokens and secrets are masked, and long values are truncated.
public struct RequestRecord: Codable, Sendable, Hashable, Identifiable {
    /// A header or a parameter.
    public struct Field: Codable, Sendable, Hashable {
        /// The name.
        public var name: String
        /// The decoded value.
        public var value: String

        /// Creates a header or a parameter.
        ///
        /// - Parameters:
        ///   - name: The name.
        ///   - value: The decoded value.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The ID of the record, which counts from 1 and is never reused.
    public var id: Int
    /// The inbox namespace of the request.
    public var namespace: String
    /// The request ID of the gateway.
    public var requestID: String
    /// The time of the request, in whole milliseconds.
    public var receivedAt: Date
    /// The HTTP method.
    public var method: String
    /// The path.
    public var path: String
    /// The query as sent.
    public var query = ""
    /// The action, such as `SendMessageToGlobe`.
    public var action: String?
    /// The version of the API.
    public var version: String?
    /// The ID of the AccessKey.
    public var accessKeyID: String?
    /// The signature method: `ACS3-HMAC-SHA256`, `HMAC-SHA1`, or `nil` without a signature.
    public var scheme: String?
    /// The headers in the order of the request.
    public var headers: [Field] = []
    /// The decoded parameters of query and form.
    public var parameters: [Field] = []
    /// The length of the body in bytes.
    public var bodyLength = 0
    /// The outcome of the request.
    public var outcome: Outcome = .pending
    /// The HTTP status of the response.
    public var status: Int?
    /// The response code of the gateway or the service.
    ///
    /// `OK` is success.
    public var code: String?
    /// The message that explains the response code.
    public var reason: String?
    /// The message IDs of the accepted messages.
    public var messageIDs: [String] = []
    /// The response time in milliseconds.
    public var milliseconds: Double?
    /// The diagnosis of the signature.
    public var signature: SignatureDiagnosis?

    /// Creates the record of a request without a response.
    ///
    /// All other properties are empty at first.
    ///
    /// - Parameters:
    ///   - id: The ID of the record.
    ///   - namespace: The inbox namespace of the request.
    ///   - requestID: The request ID of the gateway.
    ///   - receivedAt: The time of the request, which is rounded to milliseconds.
    ///   - method: The HTTP method.
    ///   - path: The path.
    public init(
        id: Int = 0,
        namespace: String = "default",
        requestID: String,
        receivedAt: Date,
        method: String,
        path: String = "/"
    ) {
        self.id = id
        self.namespace = namespace
        self.requestID = requestID
        self.receivedAt = receivedAt.inMilliseconds
        self.method = method
        self.path = path
    }

    private enum CodingKeys: String, CodingKey {
        case id, namespace, receivedAt, method, path, query, action, version, scheme, headers, parameters, bodyLength
        case outcome, status, code, reason, milliseconds, signature
        case requestID = "requestId"
        case accessKeyID = "accessKeyId"
        case messageIDs = "messageIds"
    }
}

extension RequestRecord: NamespaceMember {}

extension RequestRecord: Redacted {
    /// The ID, outcome and response code of the record, never a value of the request.
    public var description: String {
        "RequestRecord(\(self.id) \(self.outcome.rawValue)\(self.code.map { " \($0)" } ?? ""))"
    }
}
