// SPDX-License-Identifier: Apache-2.0

import Deadlines
public import SMSKit

/// A check that an SMS client meets the requirements of `SMSClient` even if its gateway fails.
///
/// Run the check against your own client, with a test gateway that can simulate faults:
///
/// ```swift
/// let conformance = SMSClientConformance(recipient: number) { fault in
///     try await gateway.client(simulating: fault)
/// } acceptedCount: { dispatchID in
///     await gateway.acceptedCount(dispatchID)
/// }
/// try await conformance.run()
/// ```
///
/// A client may return `rejected` only if the gateway certainly did not accept the message. The rejection is certain if no part
/// of the request was written, or if the gateway's response states the rejection. After every other failure, the outcome must
/// be `unknown`. The client may also retry, but only if the gateway treats the repetition as the same message.
public struct SMSClientConformance: Sendable {
    /// The error for a requirement that the client does not meet.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        /// The fault, with the expected and the actual result.
        ///
        /// The description contains neither the phone number nor the text.
        public let description: String

        /// Creates a failure.
        ///
        /// - Parameter description: The fault, with the expected and the actual result.
        public init(description: String) { self.description = description }
    }

    let recipient: PhoneNumber
    let faults: [Fault]
    let timeout: Duration
    let tolerance: Duration
    let client: @Sendable (Fault) async throws -> any SMSClient
    let acceptedCount: @Sendable (String) async throws -> Int
    let clock: any Clock<Duration>
    let timers: Timers

    private static let pollInterval = Duration.milliseconds(5)

    /// Creates a check.
    ///
    /// - Parameters:
    ///   - recipient: A phone number that the client can send to.
    ///   - faults: The faults that the test gateway can simulate; by default all.
    ///   - timeout: The timeout of each call. If the gateway neither responds nor closes the connection, the call in
    ///     ``checkOutcome(of:)`` lasts until the timeout.
    ///   - tolerance: The additional time that a call may take on a busy machine.
    ///   - client: A closure that returns a client for a gateway with the given fault. The gateway simulates the fault until
    ///     the next call of the closure.
    ///   - acceptedCount: A closure that receives a dispatch ID. It returns how many messages with this ID the test gateway has
    ///     accepted.
    public init(
        recipient: PhoneNumber,
        faults: [Fault] = Fault.all,
        timeout: Duration = .seconds(2),
        tolerance: Duration = .seconds(5),
        client: @escaping @Sendable (Fault) async throws -> any SMSClient,
        acceptedCount: @escaping @Sendable (_ dispatchID: String) async throws -> Int
    ) {
        self.init(
            recipient: recipient,
            faults: faults,
            timeout: timeout,
            tolerance: tolerance,
            clock: ContinuousClock(),
            client: client,
            acceptedCount: acceptedCount
        )
    }

    /// Creates a check that measures time on a clock.
    package init(
        recipient: PhoneNumber,
        faults: [Fault] = Fault.all,
        timeout: Duration,
        tolerance: Duration,
        clock: some Clock<Duration>,
        client: @escaping @Sendable (Fault) async throws -> any SMSClient,
        acceptedCount: @escaping @Sendable (_ dispatchID: String) async throws -> Int
    ) {
        self.recipient = recipient
        self.faults = faults
        self.timeout = timeout
        self.tolerance = tolerance
        self.client = client
        self.acceptedCount = acceptedCount
        self.clock = clock
        self.timers = Timers(clock: clock)
    }

    /// Runs all checks.
    ///
    /// - Throws: ``Failure``, or the error of a closure.
    public func run() async throws {
        for fault in self.faults { try await self.checkOutcome(of: fault) }
        if self.faults.contains(.none) { try await self.checkConcurrentSends() }
        if self.faults.contains(.acceptedWithoutResponse) { try await self.checkCancellation() }
    }

    /// Checks that a call ends in time, sends at most one message, and returns a permitted outcome.
    ///
    /// - Parameter fault: The fault of the gateway.
    /// - Throws: ``Failure``, or the error of a closure.
    public func checkOutcome(of fault: Fault) async throws {
        let message = self.message()
        let client = try await self.client(fault)
        guard client.canSend(to: self.recipient) else {
            throw Failure(description: "canSend(to:) returned false for the recipient of the checks")
        }
        let outcome = try await self.outcomeInTime(fault) { await client.send(message, timeout: self.timeout) }
        try await self.expect(fault, outcome, of: message)
        try self.expectNoSecret(fault, outcome, of: message)
    }

    /// Checks that concurrent calls send one message each, and return different message IDs.
    ///
    /// - Parameter callers: The number of concurrent calls.
    /// - Throws: ``Failure``, or the error of a closure.
    public func checkConcurrentSends(callers: Int = 32) async throws {
        let client = try await self.client(.none)
        let messages = (0..<callers).map { _ in self.message() }
        let outcomes = await withTaskGroup(of: (SMSMessage, SMSSendOutcome).self) { group in
            for message in messages {
                group.addTask { (message, await client.send(message, timeout: self.timeout + self.tolerance)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for (message, outcome) in outcomes { try await self.expect(.none, outcome, of: message) }
        let ids = outcomes.compactMap { if case .accepted(let receipt) = $0.1 { receipt.messageID } else { nil } }
        guard Set(ids).count == ids.count else {
            throw Failure(description: "\(callers) concurrent calls returned the same message ID twice")
        }
    }

    /// Checks that a call ends if it is cancelled.
    ///
    /// A message that may have been accepted must not be reported as rejected.
    ///
    /// - Throws: ``Failure``, or the error of a closure.
    public func checkCancellation() async throws {
        let fault = Fault.acceptedWithoutResponse
        let message = self.message()
        let client = try await self.client(fault)
        let call = Task { await client.send(message, timeout: self.tolerance * 10) }
        defer { call.cancel() }
        var pollsRemaining = self.tolerance / Self.pollInterval
        while try await self.acceptedCount(Self.dispatchID(of: message)) == 0 {
            guard pollsRemaining > 0 else {
                throw Failure(description: "\(fault): the test gateway did not accept the message in time")
            }
            pollsRemaining -= 1
            try await self.clock.sleep(for: Self.pollInterval)
        }
        call.cancel()
        guard let outcome = await withDeadline(self.tolerance, on: self.timers, { await call.value }) else {
            throw Failure(description: "\(fault): a cancelled call did not end within \(self.tolerance)")
        }
        try await self.expect(fault, outcome, of: message)
    }
}

extension SMSClientConformance {
    /// Creates a message that the test gateway can identify by its dispatch ID.
    private func message() -> SMSMessage {
        let id = String(UInt64.random(in: .min ... .max), radix: 36)
        return SMSMessage(
            to: self.recipient,
            text: "Your code is \(Int.random(in: 100_000...999_999)).",
            category: .oneTimePassword,
            dispatchID: "conformance-\(id)"
        )
    }

    private static func dispatchID(of message: SMSMessage) -> String { message.dispatchID ?? "" }

    private func outcomeInTime(
        _ fault: Fault,
        of call: @escaping @Sendable () async -> SMSSendOutcome
    ) async throws -> SMSSendOutcome {
        let longest = self.timeout + self.tolerance
        var outcome: SMSSendOutcome?
        let duration = await self.clock.measure { outcome = await withDeadline(longest, on: self.timers, call) }
        guard let outcome, duration <= longest else {
            try Task.checkCancellation()
            throw Failure(
                description: "\(fault): a call with a timeout of \(self.timeout) did not end within \(longest)"
            )
        }
        return outcome
    }

    /// Checks an outcome against the fault and the messages that the gateway accepted.
    private func expect(_ fault: Fault, _ outcome: SMSSendOutcome, of message: SMSMessage) async throws {
        let count = try await self.acceptedCount(Self.dispatchID(of: message))
        guard count <= 1 else {
            throw Failure(description: "\(fault): one call sent \(count) messages")
        }
        let name: String
        switch outcome {
        case .accepted: name = "accepted"
        case .rejected: name = "rejected"
        case .unknown: name = "unknown"
        }
        if case .accepted = outcome, count == 0 {
            throw Failure(description: "\(fault): the call was accepted, but the gateway accepted no message")
        }
        if case .rejected = outcome, count == 1 {
            throw Failure(description: "\(fault): the call was rejected, but the gateway accepted the message")
        }
        guard fault.allowedOutcomes.contains(name) else {
            let allowed = fault.allowedOutcomes.joined(separator: " or ")
            throw Failure(description: "\(fault): the outcome must be \(allowed), but is \(name)")
        }
    }

    private func expectNoSecret(_ fault: Fault, _ outcome: SMSSendOutcome, of message: SMSMessage) throws(Failure) {
        let error: SMSError
        switch outcome {
        case .accepted: return
        case .rejected(let reason), .unknown(let reason): error = reason
        }
        let shown = "\(error) \(error.code) \(error.message)"
        // The last digits identify the phone number in every notation.
        let number = message.recipient.e164.suffix(7)
        let code = message.text.filter(\.isNumber)
        guard !shown.contains(number), !shown.contains(code) else {
            throw Failure(description: "\(fault): the error quotes the phone number or the text")
        }
    }
}
