extension GatewayActions {
    /// What became of one message.
    struct QueryMessage: GatewayAction {
        let name = "QueryMessage"
        let requiredParameters = ["MessageId"]
        let requestsPerSecond: Int? = 300

        func perform(_ call: GatewayCall, by service: MessageService) async throws(ServiceError) -> ServiceResponse {
            guard let message = await service.inbox.message(messageID: call.parameter("MessageId") ?? "") else {
                throw ServiceError("DATA_NOT_EXIST", "There is no such message, or not yet.")
            }
            var answer = ServiceResponse(requestID: service.requestID)
            answer.numberDetail = .init(of: message.to)
            answer.fields = [
                "MessageId": message.messageID,
                "To": String(message.to.dropFirst()),
                "Message": message.text,
                "Status": message.status.queryStatus,
                "SendDate": message.receivedAt.mailDate,
            ]
            if message.status.isFinal, let event = message.timeline.last(where: { $0.kind.isFinal }) {
                answer.fields["ReceiveDate"] = event.at.mailDate
                answer.fields["ErrorCode"] = event.detail
                answer.fields["ErrorDescription"] = message.status == .delivered ? "success" : message.status.rawValue
            }
            return answer
        }
    }
}

extension InboxMessage.Status {
    /// The status in the answers of `QueryMessage`: delivered, failed, or still on its way.
    fileprivate var queryStatus: String {
        switch self {
        case .delivered: "1"
        case .failed, .expired: "2"
        case .accepted, .submitted: "3"
        }
    }
}

extension InboxMessage.Event.Kind {
    fileprivate var isFinal: Bool { [.delivered, .failed, .expired].contains(self) }
}
