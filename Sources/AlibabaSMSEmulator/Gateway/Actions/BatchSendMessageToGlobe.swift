import FoundationEssentials
import JSONOutput
import StrictJSON

extension GatewayActions {
    /// Up to 1,000 messages to as many numbers outside mainland China.
    struct BatchSendMessageToGlobe: GatewayAction {
        static let maximumCount = 1000

        let name = "BatchSendMessageToGlobe"
        let requiredParameters = ["To", "Message"]
        let requestsPerSecond: Int? = 1

        func perform(_ call: GatewayCall, by service: MessageService) async throws(ServiceError) -> ServiceResponse {
            let numbers = try Self.list(call, "To")
            guard numbers.count <= Self.maximumCount else {
                let message = "A batch has at most \(Self.maximumCount) numbers."
                throw ServiceError("MOBILE_COUNT_OVER_LIMIT", message)
            }
            let texts = try Self.list(call, "Message")
            guard numbers.count == texts.count else {
                throw ServiceError("INVALID_PARAMETERS", "To and Message are lists of different lengths.")
            }
            let options = try service.rules.options(of: call, types: ["NOTIFY", "MKT"])
            let from = try service.rules.senderID(call.parameter("From"))
            var taken: [InboxMessage] = []
            var failed: [String] = []
            for (place, (number, text)) in zip(numbers, texts).enumerated() {
                do throws(ServiceError) {
                    let order = ValidatedMessage(
                        action: self.name,
                        to: try service.rules.number(number, isMainlandChina: false),
                        from: from,
                        text: try service.rules.text(text),
                        options: options
                    )
                    taken.append(try await service.send(order, at: place))
                } catch {
                    failed.append(number)
                }
            }
            var answer = ServiceResponse(requestID: service.requestID)
            answer.messageIDs = taken.map(\.messageID)
            answer.fields = [
                "MessageIdList": Self.json(answer.messageIDs),
                "FailedList": Self.json(failed),
                "SuccessCount": "\(taken.count)",
            ]
            answer.fields["From"] = from
            return answer
        }

        private static func list(_ call: GatewayCall, _ name: String) throws(ServiceError) -> [String] {
            let text = call.parameter(name) ?? ""
            guard let list = (try? JSON(parsing: text.utf8, rules: .externalFormat))?.strings, !list.isEmpty else {
                throw ServiceError("INVALID_JSON_PARAM", "\(name) is not a JSON array of texts, or an empty one.")
            }
            return list
        }

        private static func json(_ list: [String]) -> String {
            (try? JSONEncoder.compact.encode(list)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
        }
    }
}
