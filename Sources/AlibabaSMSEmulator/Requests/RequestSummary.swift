// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A ``RequestRecord`` as it appears in a list, without headers, parameters and signed texts.
struct RequestSummary: Encodable, Sendable {
    var id: Int
    var namespace: String
    var requestID: String
    var receivedAt: Date
    var method: String
    var action: String?
    var accessKeyID: String?
    var scheme: String?
    var outcome: RequestRecord.Outcome
    var status: Int?
    var code: String?
    var reason: String?
    var messageIDs: [String]
    var milliseconds: Double?
    var findings: [SignatureDiagnosis.Finding]

    init(_ record: RequestRecord) {
        self.id = record.id
        self.namespace = record.namespace
        self.requestID = record.requestID
        self.receivedAt = record.receivedAt
        self.method = record.method
        self.action = record.action
        self.accessKeyID = record.accessKeyID
        self.scheme = record.scheme
        self.outcome = record.outcome
        self.status = record.status
        self.code = record.code
        self.reason = record.reason
        self.messageIDs = record.messageIDs
        self.milliseconds = record.milliseconds
        self.findings = record.signature?.findings ?? []
    }

    private enum CodingKeys: String, CodingKey {
        case id, namespace, receivedAt, method, action, scheme, outcome, status, code, reason, milliseconds, findings
        case requestID = "requestId"
        case accessKeyID = "accessKeyId"
        case messageIDs = "messageIds"
    }
}
