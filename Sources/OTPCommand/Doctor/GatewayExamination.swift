// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import OTPEnvironment

/// Checks the gateway and its settings, without sending a message.
struct GatewayExamination: Sendable {
    let settings: OTPSettings

    func findings() async -> [Finding] {
        let configuration: AlibabaSMSConfiguration
        let http: AlibabaHTTPClient
        do {
            configuration = try self.settings.gateway
            http = try self.settings.httpClient(configuration)
        } catch {
            return [.fault("gateway", error)]
        }
        let finding = await self.examine(configuration.endpoint, http)
        try? await http.shutdown()
        return [finding] + self.mainland(configuration.endpoint)
    }

    private func examine(_ endpoint: String, _ http: AlibabaHTTPClient) async -> Finding {
        var way = ""
        if let proxy = http.proxy, http.usesProxy(for: endpoint) { way = " through the proxy \(proxy)" }
        do {
            let start = ContinuousClock.now
            let status = try await http.status(of: endpoint, within: .seconds(5))
            let latency = (ContinuousClock.now - start).millisecondsText
            return Finding("gateway", "\(endpoint) responds\(way), HTTP \(status), \(latency)")
        } catch {
            let remedy = "check OTP_SMS_ENDPOINT and the network"
            return Finding("gateway", "\(endpoint) does not respond\(way): \(reason(error))", .fail, remedy: remedy)
        }
    }

    private func mainland(_ endpoint: String) -> [Finding] {
        let host = URL(string: endpoint)?.host()?.lowercased() ?? ""
        guard host == "dysmsapi.aliyuncs.com" || host.hasPrefix("dysmsapi.cn-") else { return [] }
        let remedy = "use dysmsapi.ap-southeast-1.aliyuncs.com, unless you have a mainland account"
        return [Finding("gateway site", "\(host) is the service of mainland China", .warn, remedy: remedy)]
    }
}
