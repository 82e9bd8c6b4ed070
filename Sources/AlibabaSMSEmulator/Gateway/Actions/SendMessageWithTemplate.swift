// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import TextFormats

extension GatewayActions {
    /// The action that sends a message to a number in mainland China, with an approved signature and template.
    struct SendMessageWithTemplate: GatewayAction {
        let name = "SendMessageWithTemplate"
        let requiredParameters = ["To", "From", "TemplateCode"]

        func perform(_ call: GatewayCall, by service: MessageService) async throws(ServiceError) -> ServiceResponse {
            let to = try service.rules.number(call.parameter("To") ?? "", isMainlandChina: true)
            let signature = try service.rules.signature(call.parameter("From") ?? "")
            let template = try service.rules.template(call.parameter("TemplateCode") ?? "")
            let values = try Self.values(call.parameter("TemplateParam"))
            if let digits = call.parameter("SmsUpExtendCode") {
                guard (1...10).contains(digits.utf8.count), digits.utf8.allSatisfy(\.isASCIIDigit)
                else {
                    throw ServiceError("INVALID_PARAMETERS", "SmsUpExtendCode must have 1 to 10 digits.")
                }
            }
            let options = try service.rules.options(of: call, types: [])
            var message = ValidatedMessage(
                action: self.name,
                to: to,
                from: signature,
                text: try service.rules.text("【\(signature)】\(try template.text(with: values))"),
                options: options
            )
            message.template = InboxMessage.Template(code: template.code, parameters: values)
            var response = ServiceResponse(try await service.send(message))
            // The documented responses of this action have no `From`.
            response.fields["From"] = nil
            return response
        }

        private static func values(_ text: String?) throws(ServiceError) -> [String: String] {
            guard let text else { return [:] }
            guard
                let members = (try? JSON(parsing: text.utf8, rules: .externalFormat))?.object,
                case let values = members.compactMapValues(\.string), values.count == members.count
            else {
                throw ServiceError(
                    "INVALID_JSON_PARAM",
                    "TemplateParam must be a JSON object whose values are strings."
                )
            }
            guard values.values.allSatisfy({ $0.utf16.count <= SendRules.maximumValueLength }) else {
                let message = "A variable can have at most \(SendRules.maximumValueLength) characters."
                throw ServiceError("PARAM_LENGTH_LIMIT", message)
            }
            return values
        }
    }
}
