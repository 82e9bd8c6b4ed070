// SPDX-License-Identifier: Apache-2.0

import JSONOutput
public import Redaction

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A record of a request to the gateway, with its outcome and the diagnosis of its signature.
///
/// The record contains the phone number and the message text unmasked. Tokens and secrets are masked, and long values are
/// truncated.
public struct RequestRecord: Codable, Sendable, Hashable, Identifiable {
    /// A header or a parameter.
    public struct Field: Codable, Sendable, Hashable {
        /// The name of the header or parameter.
        public var name: String
        /// The decoded value of the header or parameter.
        public var value: String

        /// Creates a header or a parameter.
        ///
        /// - Parameters:
        ///   - name: The name of the header or parameter.
        ///   - value: The decoded value.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The ID of the record.
    ///
    /// IDs start at 1 and are never reused.
    public var id: Int
    /// The inbox namespace of the request.
    public var namespace: String
    /// The ID that the gateway assigned to the request.
    public var requestID: String
    /// The time of the request, in whole milliseconds.
    public var receivedAt: Date
    /// The HTTP method.
    public var method: String
    /// The path of the request.
    public var path: String
    /// The query as it was sent.
    public var query = ""
    /// The action, such as `SendMessageToGlobe`; `nil` if the request names no action.
    public var action: String?
    /// The version of the API.
    public var version: String?
    /// The ID of the AccessKey.
    public var accessKeyID: String?
    /// The signature method, `ACS3-HMAC-SHA256` or `HMAC-SHA1`; `nil` if the request is not signed.
    public var scheme: String?
    /// The headers in the order of the request.
    public var headers: [Field] = []
    /// The decoded parameters from the query and the form body.
    public var parameters: [Field] = []
    /// The length of the body in bytes.
    public var bodyLength = 0
    /// The outcome of the request.
    public var outcome: Outcome = .pending
    /// The HTTP status of the response; `nil` without a response.
    public var status: Int?
    /// The response code from the gateway or the service; `OK` means success.
    public var code: String?
    /// The explanation of the response code.
    public var reason: String?
    /// The IDs of the messages that the request sent.
    public var messageIDs: [String] = []
    /// The response time in milliseconds.
    public var milliseconds: Double?
    /// The diagnosis of the signature.
    public var signature: SignatureDiagnosis?

    /// Creates the record of a request that has no response yet.
    ///
    /// The outcome is `pending`. All other properties without a parameter are empty.
    ///
    /// - Parameters:
    ///   - id: The ID of the record.
    ///   - namespace: The inbox namespace of the request.
    ///   - requestID: The ID that the gateway assigned to the request.
    ///   - receivedAt: The time of the request, which is rounded to milliseconds.
    ///   - method: The HTTP method.
    ///   - path: The path of the request.
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
    /// The ID, the outcome and the response code.
    public var description: String {
        "RequestRecord(\(self.id) \(self.outcome.rawValue)\(self.code.map { " \($0)" } ?? ""))"
    }
}
