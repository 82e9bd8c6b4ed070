import AlibabaSMS
import AlibabaSMSEmulator
import AsyncHTTPClient
import SMSKit

/// An emulated gateway, and clients of it.
struct ChaosWorld: Sendable {
    private let emulator: SMSGatewayEmulator.Server
    private let credential: AlibabaCredential
    private let recipient: PhoneNumber

    /// What must hold; the tolerance is what a machine with other work may take to wake a task.
    let checker = SendChecker(tolerance: .milliseconds(250))

    /// Runs an emulator that keeps a number of messages, while some work is done.
    static func run<Result: Sendable>(
        capacity: Int,
        _ body: (Self) async throws -> Result
    ) async throws -> Result {
        let credential = try AlibabaCredential(accessKeyID: "LTAIchaos", accessKeySecret: "chaos-secret")
        let recipient = try PhoneNumber("+6591234567")
        // Only the rules of a run are to refuse.
        let account = AccountSettings(requestsPerSecond: [SendMessageToGlobe.name: 1_000_000])
        let configuration = SMSGatewayEmulator.Configuration(
            accessKeys: [credential],
            capacity: capacity,
            account: account,
            // Nobody waits for a delivery here.
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

    /// The messages that the gateway took, by task.
    func taken() async -> [String: [TakenMessage]] {
        let messages = await self.emulator.inbox.messages()
        return Dictionary(grouping: messages) { $0.taskID ?? "" }
            .mapValues { messages in
                messages.map { TakenMessage(requestID: $0.requestID, messageID: $0.messageID) }
            }
    }

    /// Makes a client with timeouts as short as those of the faults, and shuts it down after the work.
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
        let http = try AlibabaHTTPClient(configuration)
        do {
            let client = try AlibabaSMSClient(
                configuration: configuration,
                credentials: .static(self.credential),
                httpClient: http
            )
            let result = try await body(client)
            try await http.shutdown()
            return result
        } catch {
            try await http.shutdown()
            throw error
        }
    }
}
