// SPDX-License-Identifier: Apache-2.0

import OTPTesting
import SMSKit
import SeededRandom
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct FailoverSMSClientTests {
    private static func message(_ number: String = "+6591234567") throws -> SMSMessage {
        SMSMessage(
            to: try PhoneNumber(number),
            text: "Your code is 123456.",
            category: .oneTimePassword
        )
    }

    private static let accepted = SMSSendOutcome.accepted(SMSReceipt(messageID: "1"))

    private static func rejected(_ kind: SMSError.Kind) -> SMSSendOutcome {
        .rejected(SMSError(code: "code", kind: kind, message: "m"))
    }

    private static func unknown(_ kind: SMSError.Kind = .transient) -> SMSSendOutcome {
        .unknown(SMSError(code: "timeout", kind: kind, message: "m"))
    }

    @Test("The first provider sends while it accepts") func firstProvider() async throws {
        let (first, second) = (RecordingSMSClient(), RecordingSMSClient())
        let client = FailoverSMSClient([.init("a", first), .init("b", second)])
        #expect(
            await client.send(try Self.message(), timeout: .seconds(10))
                == .accepted(SMSReceipt(messageID: "recorded"))
        )
        #expect(first.messages.count == 1)
        #expect(second.messages.isEmpty)
    }

    @Test(
        "The next provider sends exactly after a rejection that it could cure",
        arguments: SMSError.Kind.all
    )
    func nextProvider(kind: SMSError.Kind) async throws {
        let second = RecordingSMSClient { _ in Self.accepted }
        let first = RecordingSMSClient { _ in Self.rejected(kind) }
        let outcome = await FailoverSMSClient([.init("a", first), .init("b", second)])
            .send(try Self.message(), timeout: .seconds(10))
        let isCured = kind != .number && kind != .caller
        #expect(second.messages.count == (isCured ? 1 : 0))
        #expect(outcome == (isCured ? Self.accepted : Self.rejected(kind)))
    }

    @Test("After an unknown outcome, no other provider sends", arguments: SMSError.Kind.all)
    func unknownOutcome(kind: SMSError.Kind) async throws {
        let first = RecordingSMSClient { _ in Self.unknown(kind) }
        let second = RecordingSMSClient { _ in Self.accepted }
        let outcome = await FailoverSMSClient([.init("a", first), .init("b", second)])
            .send(try Self.message(), timeout: .seconds(10))
        #expect(outcome == Self.unknown(kind))
        #expect(second.messages.isEmpty)
    }

    @Test("If all providers reject, the last rejection is returned") func allReject() async throws {
        let client = FailoverSMSClient([
            .init("a", RecordingSMSClient { _ in Self.rejected(.balance) }),
            .init("b", RecordingSMSClient { _ in Self.rejected(.limit) }),
        ])
        #expect(await client.send(try Self.message(), timeout: .seconds(10)) == Self.rejected(.limit))
    }

    @Test("Providers share the deadline, and none starts with too little time") func sharedDeadline()
        async throws
    {
        let clock = ManualClock()
        let timeouts = Mutex<[Duration]>([])
        let slow = TimedClient { timeout in
            timeouts.withLock { $0.append(timeout) }
            clock.advance(by: .seconds(4))
            return Self.rejected(.throttled)
        }
        let providers = (0..<4).map { FailoverSMSClient.Provider("\($0)", slow) }
        let client = FailoverSMSClient(providers, clock: clock)
        #expect(
            await client.send(try Self.message(), timeout: .seconds(8) + .milliseconds(999))
                == Self.rejected(.throttled)
        )
        #expect(timeouts.withLock { $0 } == [.milliseconds(8_999), .milliseconds(4_999)])
    }

    @Test("A provider that fails is skipped in its region only, until one probe succeeds")
    func breaker() async throws {
        let clock = ManualClock()
        let isDown = Mutex(true)
        let first = RecordingSMSClient { _ in isDown.withLock { $0 } ? Self.unknown() : Self.accepted }
        let second = RecordingSMSClient { _ in Self.accepted }
        let client = FailoverSMSClient(
            [.init("a", first), .init("b", second)],
            settings: .init(failuresToOpen: 3, openInterval: .seconds(30)),
            clock: clock
        )
        func send(_ number: String = "+6591234567") async throws -> SMSSendOutcome {
            await client.send(try Self.message(number), timeout: .seconds(10))
        }
        for _ in 0..<3 { #expect(try await send() == Self.unknown()) }
        #expect(try await send() == Self.accepted)
        #expect((first.messages.count, second.messages.count) == (3, 1))
        // Another region has a circuit of its own.
        #expect(try await send("+447911123456") == Self.unknown())
        #expect(first.messages.count == 4)
        // A failed probe keeps the provider out for another interval.
        clock.advance(by: .seconds(30))
        #expect(try await send() == Self.unknown())
        clock.advance(by: .seconds(29))
        #expect(try await send() == Self.accepted)
        #expect((first.messages.count, second.messages.count) == (5, 2))
        // A successful probe brings it back.
        isDown.withLock { $0 = false }
        clock.advance(by: .seconds(1))
        for _ in 0..<2 { #expect(try await send() == Self.accepted) }
        #expect((first.messages.count, second.messages.count) == (7, 2))
    }

    @Test("Only one message probes a provider") func singleProbe() async throws {
        let clock = ManualClock()
        let client = Mutex<FailoverSMSClient?>(nil)
        let second = RecordingSMSClient { _ in Self.accepted }
        let calls = Mutex(0)
        // During the probe, the first provider sends another message through the same client.
        let first = TimedClient { _ in
            guard
                calls.withLock({
                    $0 += 1
                    return $0
                }) == 2, let client = client.withLock({ $0 }),
                let message = try? Self.message()
            else { return Self.unknown() }
            return await client.send(message, timeout: .seconds(10))
        }
        let settings = FailoverSMSClient.Settings(failuresToOpen: 1, openInterval: .seconds(30))
        let failover = FailoverSMSClient(
            [.init("a", first), .init("b", second)],
            settings: settings,
            clock: clock
        )
        client.withLock { $0 = failover }
        _ = await failover.send(try Self.message(), timeout: .seconds(10))
        clock.advance(by: .seconds(30))
        #expect(await failover.send(try Self.message(), timeout: .seconds(10)) == Self.accepted)
        #expect(calls.withLock { $0 } == 2)
        #expect(second.messages.count == 1)
    }

    @Test(
        "Invalid numbers and a provider's limits for a number do not open the circuit",
        arguments: [
            SMSError.Kind.number, .limit, .content, .caller, .unknown,
        ]
    )
    func rejectedMessagesAreNoFault(kind: SMSError.Kind) async throws {
        let first = RecordingSMSClient { _ in Self.rejected(kind) }
        let client = FailoverSMSClient([.init("a", first)], settings: .init(failuresToOpen: 1))
        for _ in 0..<3 {
            #expect(await client.send(try Self.message(), timeout: .seconds(10)) == Self.rejected(kind))
        }
        #expect(first.messages.count == 3)
    }

    @Test("If every provider is skipped, the message is rejected with a wait, and nothing is sent")
    func allSkipped() async throws {
        let clock = ManualClock()
        let first = RecordingSMSClient { _ in Self.unknown() }
        let client = FailoverSMSClient(
            [.init("a", first)],
            settings: .init(failuresToOpen: 1),
            clock: clock
        )
        _ = await client.send(try Self.message(), timeout: .seconds(10))
        clock.advance(by: .seconds(10))
        guard case .rejected(let error) = await client.send(try Self.message(), timeout: .seconds(10))
        else {
            Issue.record("the message was not rejected")
            return
        }
        #expect(error.kind == .transient)
        #expect(error.retryAfter == .seconds(20))
        #expect(first.messages.count == 1)
    }

    @Test("A number that no provider serves is refused before a send") func unservedNumber()
        async throws
    {
        let client = FailoverSMSClient([.init("a", UnservingClient())])
        let message = try Self.message()
        #expect(!client.canSend(to: message.recipient))
        guard case .rejected(let error) = await client.send(message, timeout: .seconds(10)) else {
            Issue.record("the message was not rejected")
            return
        }
        #expect(error.kind == .number)
        #expect(
            FailoverSMSClient([.init("a", UnservingClient()), .init("b", RecordingSMSClient())])
                .canSend(
                    to: message.recipient
                )
        )
    }

    @Test("Each attempt is observed with its provider") func observation() async throws {
        let attempts = Mutex<[FailoverSMSClient.Attempt]>([])
        let first = RecordingSMSClient { _ in Self.rejected(.balance) }
        let second = RecordingSMSClient { _ in Self.accepted }
        let client = FailoverSMSClient([.init("a", first), .init("b", second)]) { attempt in
            attempts.withLock { $0.append(attempt) }
        }
        _ = await client.send(try Self.message(), timeout: .seconds(10))
        #expect(
            attempts.withLock { $0 } == [
                .init(provider: "a", region: .singapore, outcome: Self.rejected(.balance)),
                .init(provider: "b", region: .singapore, outcome: Self.accepted),
            ]
        )
    }
}

/// A client whose outcomes a closure returns.
private struct TimedClient: SMSClient {
    let outcome: @Sendable (Duration) async -> SMSSendOutcome

    init(_ outcome: @escaping @Sendable (Duration) async -> SMSSendOutcome) { self.outcome = outcome }

    func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
        await self.outcome(timeout)
    }
}

/// A client that does not serve any number.
private struct UnservingClient: SMSClient {
    func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
        .unknown(SMSError(code: "asked", kind: .unknown, message: "m"))
    }

    func canSend(to number: PhoneNumber) -> Bool { false }
}
