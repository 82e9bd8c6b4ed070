// SPDX-License-Identifier: Apache-2.0

extension GatewayActions {
    /// The action that returns the delivery status of a message.
    struct QueryMessage: GatewayAction {
        let name = "QueryMessage"
        let requiredParameters = ["MessageId"]
        let requestsPerSecond: Int? = 300

        func perform(_ call: GatewayCall, by service: MessageService) async throws(ServiceError) -> ServiceResponse {
            guard let message = await service.inbox.message(messageID: call.parameter("MessageId") ?? "") else {
                throw ServiceError("DATA_NOT_EXIST", "The message does not exist, or is not available yet.")
            }
            var response = ServiceResponse(requestID: service.requestID)
            response.numberDetail = .init(of: message.to)
            response.fields = [
                "MessageId": message.messageID,
                "To": String(message.to.dropFirst()),
                "Message": message.text,
                "Status": message.status.queryStatus,
                "SendDate": message.receivedAt.mailDate,
            ]
            if message.status.isFinal, let event = message.timeline.last(where: { $0.kind.isFinal }) {
                response.fields["ReceiveDate"] = event.at.mailDate
                response.fields["ErrorCode"] = event.detail
                response.fields["ErrorDescription"] = message.status == .delivered ? "success" : message.status.rawValue
            }
            return response
        }
    }
}

extension InboxMessage.Status {
    /// The status in responses of `QueryMessage`, which is `1` for delivered, `2` for failed and `3` for pending.
    fileprivate var queryStatus: String {
        switch self {
        case .delivered: "1"
        case .failed, .expired: "2"
        default: "3"
        }
    }
}

extension InboxMessage.Event.Kind {
    fileprivate var isFinal: Bool { [.delivered, .failed, .expired].contains(self) }
}
