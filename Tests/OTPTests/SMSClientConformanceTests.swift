import OTPTesting
import SMSKit
import Synchronization
import Testing

/// The conformance suite of SMS clients, with a correct client and with faulty ones.
@Suite(.timeLimit(.minutes(1))) struct SMSClientConformanceTests {
    /// A gateway in memory.
    private final class Gateway: Sendable {
        enum Reply { case accepted, rejected, disconnected }

        let condition: SMSClientConformance.Condition
        let count = Mutex(0)

        init(_ condition: SMSClientConformance.Condition) { self.condition = condition }

        /// Returns `nil` if no connection is possible.
        func request(timeout: Duration) async -> Reply? {
            if self.condition == .unreachable { return nil }
            self.count.withLock { $0 += 1 }
            if self.condition == .silent { try? await Task.sleep(for: timeout) }
            switch self.condition {
            case .accepting: return .accepted
            case .rejecting: return .rejected
            default: return .disconnected
            }
        }
    }

    private struct Client: SMSClient {
        let gateway: Gateway
        var retriesWrittenRequests = false
        var reportsLostRequestsAsRejected = false

        func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
            let error = SMSError(code: "x", kind: .transient, message: "no")
            switch await self.gateway.request(timeout: timeout) {
            case nil: return .rejected(error)
            case .accepted: return .accepted(SMSReceipt(messageID: "1"))
            case .rejected: return .rejected(error)
            case .disconnected:
                if self.retriesWrittenRequests { _ = await self.gateway.request(timeout: timeout) }
                return self.reportsLostRequestsAsRejected ? .rejected(error) : .unknown(error)
            }
        }
    }

    private func run(_ change: @escaping @Sendable (inout Client) -> Void) async throws {
        let conformance = SMSClientConformance(recipient: Fixture.number, timeout: .milliseconds(1)) { condition in
            let gateway = Gateway(condition)
            var client = Client(gateway: gateway)
            change(&client)
            return .init(client: client, receivedCount: { gateway.count.withLock(\.self) })
        }
        try await conformance.run()
    }

    @Test func correctClientConforms() async throws {
        try await self.run { _ in }
    }

    @Test func clientThatRetriesAWrittenRequestDoesNotConform() async {
        await #expect(throws: SMSClientConformance.Failure.self) {
            try await self.run { $0.retriesWrittenRequests = true }
        }
    }

    @Test func clientThatReportsALostRequestAsRejectedDoesNotConform() async {
        await #expect(throws: SMSClientConformance.Failure.self) {
            try await self.run { $0.reportsLostRequestsAsRejected = true }
        }
    }
}
