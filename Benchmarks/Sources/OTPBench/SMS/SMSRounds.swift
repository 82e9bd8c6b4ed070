// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import SMSKit
import Subprocess
import SystemPackage

/// Sends messages to one emulator with the library's client, a bare HTTP client and the SDK, in turn.
struct SMSRounds {
    /// The amount of work.
    struct Plan {
        var rounds: Int
        var messages: Int
        var tasks: Int
        var python: String?
    }

    private let plan: Plan
    private let url: String
    private let recipient: PhoneNumber
    private let text = "[Acme] 123456 is your verification code. It is valid for 5 minutes."

    init(_ plan: Plan, url: String) throws {
        self.plan = plan
        self.url = url
        self.recipient = try PhoneNumber("+6591234567")
    }

    /// Runs a warm-up round, whose figures are ignored, and then all rounds.
    func run(progress: (String) -> Void) async throws -> Samples {
        // Without rate limits, only the emulator limits the speed of both clients.
        let configuration = AlibabaSMSConfiguration(endpoint: self.url, requestsPerSecond: [:])
        let connections = try AlibabaHTTPClient(configuration)
        var plainConfiguration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        plainConfiguration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = configuration.maximumConnections
        plainConfiguration.httpVersion = .http1Only
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: plainConfiguration)
        let client = try AlibabaSMSClient(
            configuration: configuration,
            credentials: StaticCredentialProvider(try EmulatorCommand.credential()),
            httpClient: connections
        )
        var samples = Samples()
        for round in 0...self.plan.rounds {
            progress(round == 0 ? "warming up" : "round \(round) of \(self.plan.rounds)")
            let ours: Load
            let plain: Load
            if round % 2 == 0 {
                ours = try await self.send(by: client)
                plain = try await self.send(by: http)
            } else {
                plain = try await self.send(by: http)
                ours = try await self.send(by: client)
            }
            let sdk = try await self.sendBySDK()
            guard round > 0 else { continue }
            self.note(ours, as: "client", in: &samples)
            self.note(plain, as: "plain", in: &samples)
            samples.add("ratio", ours.perSecond / plain.perSecond)
            if let sdk {
                samples.add("sdkPerSecond", Double(sdk.messages) / sdk.seconds)
                samples.add("sdkMicroseconds", sdk.processorSeconds * 1e6 / Double(sdk.messages))
                samples.add("sdkRatio", ours.perSecond / (Double(sdk.messages) / sdk.seconds))
            }
        }
        try await http.shutdown()
        try await connections.shutdown()
        return samples
    }

    private func note(_ load: Load, as name: String, in samples: inout Samples) {
        samples.add("\(name)PerSecond", load.perSecond)
        samples.add("\(name)Microseconds", load.processorTime.seconds * 1e6 / Double(load.operations))
        samples.add("\(name)P50Microseconds", load.percentile(0.5))
        samples.add("\(name)P99Microseconds", load.percentile(0.99))
    }

    private func send(by client: AlibabaSMSClient) async throws -> Load {
        let message = SMSMessage(to: self.recipient, text: self.text, category: .oneTimePassword, dispatchID: "bench")
        let load = await Load.run(self.plan.messages, tasks: self.plan.tasks) { _ in
            if case .accepted = await client.send(message, timeout: .seconds(30)) { true } else { false }
        }
        return try self.checked(load)
    }

    /// Sends presigned requests with a bare HTTP client.
    private func send(by http: HTTPClient) async throws -> Load {
        let credential = try EmulatorCommand.credential()
        let parameters = [
            ("Message", self.text), ("TaskId", "bench"), ("To", String(self.recipient.e164.dropFirst())),
            ("Type", "OTP"),
        ]
        let presigned = PresignedRequest(
            host: String(self.url.dropFirst("http://".count)),
            action: SendMessageToGlobe.name,
            query: parameters.map { "\($0.0)=\(Self.encode($0.1) ?? "")" }.joined(separator: "&"),
            accessKeyID: credential.accessKeyID,
            accessKeySecret: credential.accessKeySecret
        )
        let requests = (0..<self.plan.messages).map { _ in presigned.request() }
        let load = await Load.run(self.plan.messages, tasks: self.plan.tasks) { position in
            guard let response = try? await http.execute(requests[position], timeout: .seconds(30)) else {
                return false
            }
            let body = try? await response.body.collect(upTo: 64 * 1024)
            return response.status == .ok && body.map { $0.readableBytes > 0 } == true
        }
        return try self.checked(load)
    }

    private static func encode(_ text: String) -> String? {
        let unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
        return text.addingPercentEncoding(withAllowedCharacters: CharacterSet(charactersIn: unreserved))
    }

    private func checked(_ load: Load) throws -> Load {
        guard load.failures == 0 else {
            throw BenchError("\(load.failures) of \(load.operations) messages were not taken")
        }
        return load
    }

    /// The output of the script that runs the SDK.
    private struct SDKLoad: Decodable {
        var messages: Int
        var seconds: Double
        var processorSeconds: Double
    }

    private func sendBySDK() async throws -> SDKLoad? {
        guard let python = self.plan.python else { return nil }
        let credential = try EmulatorCommand.credential()
        let result = try await Subprocess.run(
            .path(FilePath(python)),
            arguments: ["sdk_load.py", "\(max(1, self.plan.messages / 10))", "\(self.plan.tasks)"],
            environment: .inherit.updating([
                "BENCH_ENDPOINT": String(self.url.dropFirst("http://".count)),
                "BENCH_ID": credential.accessKeyID, "BENCH_SECRET": credential.accessKeySecret,
            ]),
            output: .string(limit: 4096),
            error: .string(limit: 65536)
        )
        guard result.terminationStatus.isSuccess else { throw BenchError("the SDK failed: \(result.standardError)") }
        return try JSONDecoder().decode(SDKLoad.self, from: Data(result.standardOutput.utf8))
    }
}
