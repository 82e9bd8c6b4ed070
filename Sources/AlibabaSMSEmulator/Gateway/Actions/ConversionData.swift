// SPDX-License-Identifier: Apache-2.0

import TextFormats

extension GatewayActions {
    /// The action with which a client reports the share of codes that users entered.
    struct ConversionData: GatewayAction {
        let name = "ConversionData"
        let requiredParameters = ["ConversionRate"]

        func perform(_ call: GatewayCall, by service: MessageService) async throws(ServiceError) -> ServiceResponse {
            let text = call.parameter("ConversionRate") ?? ""
            guard let rate = Double(decimal: text), (0...1).contains(rate) else {
                throw ServiceError("INVALID_PARAMETERS", "ConversionRate must be a decimal number from 0 to 1.")
            }
            _ = try call.time("ReportTime", noLaterThan: service.latestTime)
            return ServiceResponse(requestID: service.requestID)
        }
    }
}
