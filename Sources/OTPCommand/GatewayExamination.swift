import AlibabaSMS
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Examines the gateway without sending anything.
struct GatewayExamination: Sendable {
    let settings: Settings

    func findings() async -> [Finding] {
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .impatient)
        let configuration: AlibabaSMSConfiguration
        do {
            configuration = try self.settings.gateway()
            _ = try ServiceParts.client(configuration, StaticCredentialProvider(self.placeholder()), http)
        } catch {
            try? await http.shutdown()
            return [.fault("gateway", CommandFailure(error))]
        }
        let finding = await self.examine(configuration.endpoint, http)
        try? await http.shutdown()
        return [finding] + self.mainland(configuration.endpoint)
    }

    private func examine(_ endpoint: String, _ http: HTTPClient) async -> Finding {
        do {
            let start = ContinuousClock.now
            let response = try await http.execute(HTTPClientRequest(url: endpoint), timeout: .seconds(5))
            let latency = (ContinuousClock.now - start).millisecondsText
            return Finding("gateway", "\(endpoint) answers, HTTP \(response.status.code), \(latency)")
        } catch {
            let remedy = "check OTP_SMS_ENDPOINT and the way to it"
            return Finding("gateway", "\(endpoint) does not answer: \(reason(error))", .fail, remedy: remedy)
        }
    }

    private func mainland(_ endpoint: String) -> [Finding] {
        let host = URL(string: endpoint)?.host()?.lowercased() ?? ""
        guard host == "dysmsapi.aliyuncs.com" || host.hasPrefix("dysmsapi.cn-") else { return [] }
        let remedy = "use dysmsapi.ap-southeast-1.aliyuncs.com, unless you have a mainland account"
        return [Finding("gateway site", "\(host) is the mainland's service", .warn, remedy: remedy)]
    }

    /// A credential that makes a client, which then checks its configuration.
    private func placeholder() throws(AlibabaSMSError) -> AlibabaCredential {
        try AlibabaCredential(accessKeyID: "placeholder", accessKeySecret: "placeholder")
    }
}
