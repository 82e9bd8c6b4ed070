// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Statistics of the stored messages and requests.
struct InboxStatistics: Encodable, Sendable {
    var messages = 0
    var segments = 0
    /// The total cost of the messages in millionths of the account's currency.
    var costMicros = 0
    var byStatus: [String: Int] = [:]
    var byRegion: [String: Int] = [:]
    var byTemplate: [String: Int] = [:]
    var requests = 0
    var rejectedRequests = 0
    var byCode: [String: Int] = [:]

    init(messages: [InboxMessage], requests: [RequestRecord]) {
        self.messages = messages.count
        for message in messages {
            self.segments += message.segments
            self.costMicros += message.costMicros
            self.byStatus[message.status.rawValue, default: 0] += 1
            self.byRegion[message.region ?? "unknown", default: 0] += 1
            if let template = message.template { self.byTemplate[template.code, default: 0] += 1 }
        }
        self.requests = requests.count
        for request in requests {
            if request.outcome == .rejected { self.rejectedRequests += 1 }
            self.byCode[request.code ?? request.outcome.rawValue, default: 0] += 1
        }
    }
}
