public import SMSKit

/// Checks that an SMS client reports the outcome of a send truthfully, and never sends a message twice.
///
/// The check needs a gateway under the control of the test, such as a local HTTP server, and a client that is connected to it:
///
/// ```swift
/// let conformance = SMSClientConformance(recipient: number) { condition in
///     let gateway = try await MyFakeGateway.start(condition)
///     return .init(client: MyClient(endpoint: gateway.endpoint), receivedCount: { await gateway.requestCount })
/// }
/// try await conformance.run()
/// ```
public struct SMSClientConformance: Sendable {
    /// The behaviour of the gateway during one send.
    public struct Condition: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, CaseIterable {
            case accepting, rejecting, unreachable, silent, disconnecting
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// The gateway accepts every message.
        public static let accepting = Self(.accepting)
        /// The gateway rejects every message, with an error that is not worth a retry.
        public static let rejecting = Self(.rejecting)
        /// The gateway refuses connections, so that no request is written.
        public static let unreachable = Self(.unreachable)
        /// The gateway reads the request and never responds.
        public static let silent = Self(.silent)
        /// The gateway reads the request and closes the connection without a response.
        public static let disconnecting = Self(.disconnecting)

        /// Every condition.
        public static var all: [Self] { Base.allCases.map(Self.init) }

        /// The name.
        public var description: String { self.base.rawValue }
    }

    /// A client and the gateway that it is connected to.
    public struct Subject: Sendable {
        let client: any SMSClient
        let receivedCount: @Sendable () async throws -> Int

        /// Creates a subject.
        ///
        /// - Parameters:
        ///   - client: The client.
        ///   - receivedCount: A closure that returns the number of requests that the gateway has read.
        public init(client: any SMSClient, receivedCount: @escaping @Sendable () async throws -> Int) {
            self.client = client
            self.receivedCount = receivedCount
        }
    }

    /// A result of the client that differs from the requirements of `SMSClient`.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        /// The condition, the expected result and the actual one.
        public let description: String

        /// Creates a failure.
        ///
        /// - Parameter description: The condition, the expected result and the actual one.
        public init(description: String) {
            self.description = description
        }
    }

    let recipient: PhoneNumber
    let timeout: Duration
    let subject: @Sendable (Condition) async throws -> Subject

    /// Creates a check.
    ///
    /// - Parameters:
    ///   - recipient: A number that the client sends to.
    ///   - timeout: The timeout of each send. The check of a silent gateway waits that long.
    ///   - subject: A closure that returns a client and a gateway with a behaviour.
    public init(
        recipient: PhoneNumber,
        timeout: Duration = .seconds(2),
        subject: @escaping @Sendable (Condition) async throws -> Subject
    ) {
        self.recipient = recipient
        self.timeout = timeout
        self.subject = subject
    }

    /// Runs the check under every condition.
    ///
    /// - Throws: ``Failure``, or an error of the closures.
    public func run() async throws {
        for condition in Condition.all { try await self.check(condition) }
    }

    /// Sends one message under one condition, and checks the outcome, the duration and the number of requests.
    ///
    /// - Parameter condition: The condition.
    /// - Throws: ``Failure``, or an error of the closures.
    public func check(_ condition: Condition) async throws {
        let subject = try await self.subject(condition)
        guard subject.client.canSend(to: self.recipient) else {
            throw Failure(description: "\(condition): the client does not send to the recipient")
        }
        let message = SMSMessage(
            to: self.recipient,
            text: "Your code is 123456",
            variables: ["code": "123456"],
            category: .oneTimePassword,
            validity: .seconds(300),
            dispatchID: "conformance"
        )
        let start = ContinuousClock.now
        let outcome = await subject.client.send(message, timeout: self.timeout)
        // A margin for a busy machine: the requirement concerns clients that ignore the timeout altogether.
        guard start.duration(to: .now) < self.timeout + .seconds(5) else {
            throw Failure(description: "\(condition): the client returned long after its timeout")
        }
        let expected = condition.expectedOutcome
        guard outcome.name == expected else {
            throw Failure(description: "\(condition): the outcome was \(outcome.name), expected \(expected)")
        }
        let count = try await subject.receivedCount()
        guard count == condition.expectedCount else {
            throw Failure(
                description: "\(condition): the gateway read \(count) requests, expected \(condition.expectedCount)"
            )
        }
    }
}

extension SMSClientConformance.Condition {
    fileprivate var expectedOutcome: String {
        switch self {
        case .accepting: "accepted"
        case .rejecting, .unreachable: "rejected"
        default: "unknown"
        }
    }

    fileprivate var expectedCount: Int { self == .unreachable ? 0 : 1 }
}

extension SMSSendOutcome {
    fileprivate var name: String {
        switch self {
        case .accepted: "accepted"
        case .rejected: "rejected"
        case .unknown: "unknown"
        }
    }
}
