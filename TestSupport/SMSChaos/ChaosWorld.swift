// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSEmulator
import AsyncHTTPClient
import SMSKit

/// An emulated gateway, and clients for it.
struct ChaosWorld: Sendable {
    private let emulator: SMSGatewayEmulator.Server
    private let credential: AlibabaCredential
    private let recipient: PhoneNumber

    /// The checker of a run, whose tolerance is the delay of a task on a busy machine.
    let checker = SendChecker(tolerance: .milliseconds(250))

    /// Runs a closure with an emulator whose inbox stores `capacity` messages.
    static func run<Result: Sendable>(
        capacity: Int,
        _ body: (Self) async throws -> Result
    ) async throws -> Result {
        let credential = try AlibabaCredential(accessKeyID: "LTAIchaos", accessKeySecret: "chaos-secret")
        let recipient = try PhoneNumber("+6591234567")
        // The request rate is so high that only faults reject requests.
        let account = AccountSettings(requestsPerSecond: [SendMessageToGlobe.name: 1_000_000])
        let configuration = SMSGatewayEmulator.Configuration(
            accessKeys: [credential],
            capacity: capacity,
            account: account,
            // A message is not delivered before the run ends.
            delivery: DeliverySchedule(submission: .seconds(86_400))
        )
        return try await SMSGatewayEmulator.withServer(configuration) { emulator in
            try await body(Self(emulator: emulator, credential: credential, recipient: recipient))
        }
    }

    func setFaults(_ settings: FaultSettings) { self.emulator.setFaults(settings) }

    func message(task: String) throws -> SendMessageToGlobe {
        SendMessageToGlobe(to: self.recipient, message: "Your code is 123456.", type: .oneTimePassword, taskID: task)
    }

    /// Returns the messages that the gateway has accepted, keyed by task ID.
    func accepted() async -> [String: [AcceptedMessage]] {
        let messages = await self.emulator.inbox.messages()
        return Dictionary(grouping: messages) { $0.taskID ?? "" }
            .mapValues { messages in
                messages.map { AcceptedMessage(requestID: $0.requestID, messageID: $0.messageID) }
            }
    }

    /// Runs a closure with a client, and then shuts the client down.
    func withClient<Result>(
        repeats: Bool,
        endpoint: String? = nil,
        readTimeout: Duration = .seconds(1),
        _ body: (AlibabaSMSClient) async throws -> Result
    ) async throws -> Result {
        let configuration = AlibabaSMSConfiguration(
            endpoint: endpoint ?? self.emulator.baseURL,
            connectTimeout: .milliseconds(200),
            readTimeout: readTimeout,
            initialBackOff: .milliseconds(50),
            maximumBackOff: .milliseconds(200),
            repeatsUnansweredRequests: repeats,
            requestsPerSecond: [:]
        )
        let client = try AlibabaSMSClient(configuration: configuration, credentials: .static(self.credential))
        do {
            let result = try await body(client)
            try await client.shutdown()
            return result
        } catch {
            try await client.shutdown()
            throw error
        }
    }
}
