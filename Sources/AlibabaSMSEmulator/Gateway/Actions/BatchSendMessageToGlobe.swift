// SPDX-License-Identifier: Apache-2.0

import JSONOutput
import StrictJSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension GatewayActions {
    /// The action that sends up to 1,000 messages to numbers outside mainland China.
    struct BatchSendMessageToGlobe: GatewayAction {
        static let maximumCount = 1000

        let name = "BatchSendMessageToGlobe"
        let requiredParameters = ["To", "Message"]
        let requestsPerSecond: Int? = 1

        func perform(_ call: GatewayCall, by service: MessageService) async throws(ServiceError) -> ServiceResponse {
            let numbers = try Self.list(call, "To")
            guard numbers.count <= Self.maximumCount else {
                let message = "A batch can have at most \(Self.maximumCount) numbers."
                throw ServiceError("MOBILE_COUNT_OVER_LIMIT", message)
            }
            let texts = try Self.list(call, "Message")
            guard numbers.count == texts.count else {
                throw ServiceError("INVALID_PARAMETERS", "To and Message must have the same length.")
            }
            let options = try service.rules.options(of: call, types: ["NOTIFY", "MKT"])
            let from = try service.rules.senderID(call.parameter("From"))
            var accepted: [InboxMessage] = []
            var failed: [String] = []
            for (index, (number, text)) in zip(numbers, texts).enumerated() {
                do throws(ServiceError) {
                    let message = ValidatedMessage(
                        action: self.name,
                        to: try service.rules.number(number, isMainlandChina: false),
                        from: from,
                        text: try service.rules.text(text),
                        options: options
                    )
                    accepted.append(try await service.send(message, at: index))
                } catch {
                    failed.append(number)
                }
            }
            var response = ServiceResponse(requestID: service.requestID)
            response.messageIDs = accepted.map(\.messageID)
            response.fields = [
                "MessageIdList": Self.json(response.messageIDs),
                "FailedList": Self.json(failed),
                "SuccessCount": "\(accepted.count)",
            ]
            response.fields["From"] = from
            return response
        }

        private static func list(_ call: GatewayCall, _ name: String) throws(ServiceError) -> [String] {
            let text = call.parameter(name) ?? ""
            guard let list = (try? JSON(parsing: text.utf8, rules: .externalFormat))?.strings, !list.isEmpty else {
                throw ServiceError("INVALID_JSON_PARAM", "\(name) must be a non-empty JSON array of strings.")
            }
            return list
        }

        private static func json(_ list: [String]) -> String {
            (try? JSONEncoder.compact.encode(list)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
        }
    }
}
