// SPDX-License-Identifier: Apache-2.0

extension GatewayActions {
    /// The action that sends a message to a number outside mainland China.
    struct SendMessageToGlobe: GatewayAction {
        let name = "SendMessageToGlobe"
        let requiredParameters = ["To", "Message"]
        let requestsPerSecond: Int? = 2000

        func perform(_ call: GatewayCall, by service: MessageService) async throws(ServiceError) -> ServiceResponse {
            let options = try service.rules.options(of: call, types: SendRules.types)
            let message = ValidatedMessage(
                action: self.name,
                to: try service.rules.number(call.parameter("To") ?? "", isMainlandChina: false),
                from: try service.rules.senderID(call.parameter("From")),
                text: try service.rules.text(call.parameter("Message") ?? ""),
                options: options
            )
            return ServiceResponse(try await service.send(message))
        }
    }
}
