// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension GatewayActions {
    /// The action with which a client reports whether the user entered the code of a message.
    struct SmsConversion: GatewayAction {
        let name = "SmsConversion"
        let requiredParameters = ["Delivered"]

        func perform(_ call: GatewayCall, by service: MessageService) async throws(ServiceError) -> ServiceResponse {
            let isUsed: Bool
            switch call.parameter("Delivered")?.lowercased() {
            case "true": isUsed = true
            case "false": isUsed = false
            default: throw ServiceError("INVALID_PARAMETERS", "Delivered must be true or false.")
            }
            let time = try call.time("ConversionTime", noLaterThan: service.latestTime)
            // As in the real service, a report without a known message ID is accepted.
            if let id = call.parameter("MessageId"), let message = await service.inbox.message(messageID: id) {
                if let time, time < message.receivedAt.addingTimeInterval(-1 - service.clientLag) {
                    throw ServiceError("INVALID_PARAMETERS", "ConversionTime is earlier than the message.")
                }
                let event = InboxMessage.Event(.conversion, at: service.now, detail: isUsed ? "used" : "not used")
                await service.inbox.update(messageID: id) { $0.record(event) }
            }
            return ServiceResponse(requestID: service.requestID)
        }
    }
}

extension GatewayCall {
    /// Returns the time in a parameter that contains milliseconds since 1970, or `nil` if the parameter is missing.
    func time(_ name: String, noLaterThan latest: Date) throws(ServiceError) -> Date? {
        guard let text = self.parameter(name) else { return nil }
        guard let milliseconds = Int64(text), milliseconds >= 0,
            case let time = Date(timeIntervalSince1970: Double(milliseconds) / 1000), time <= latest
        else {
            throw ServiceError(
                "INVALID_PARAMETERS",
                "\(name) must be a timestamp in milliseconds that is not in the future."
            )
        }
        return time
    }
}
