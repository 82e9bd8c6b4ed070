// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import Synchronization
import Testing

/// Tests of the limits on messages to a number, with and without a device token.
@Suite(.timeLimit(.minutes(5)))
struct LaneSendTests {
    /// A gateway with Alibaba Cloud's limits for one number: 1 message in a minute, 5 in an hour, 10 in a day (sliding
    /// windows).
    private final class LimitedGateway: Sendable {
        private let accepted = Mutex<[Duration]>([])
        private let refused = Atomic(0)

        var refusals: Int { self.refused.load(ordering: .relaxed) }

        var times: [Duration] { self.accepted.withLock { $0 } }

        func send(at now: Duration) -> SMSSendOutcome {
            self.accepted.withLock { times in
                let isFull = [(1, 60), (5, 3600), (10, 86_400)]
                    .contains { count, seconds in
                        times.count { $0 + .seconds(seconds) > now } >= count
                    }
                guard !isFull else {
                    self.refused.add(1, ordering: .relaxed)
                    return .rejected(SMSError(code: "BUSINESS_LIMIT_CONTROL", kind: .limit, message: "too many"))
                }
                times.append(now)
                return .accepted(SMSReceipt(messageID: "m\(times.count)"))
            }
        }
    }

    private static func withGateway<Result: Sendable>(
        _ kind: StoreKind,
        _ body: (LaneWorld, LimitedGateway) async throws -> Result
    ) async throws -> Result {
        let (gateway, elapsed) = (LimitedGateway(), ElapsedTime())
        let sms = RecordingSMSClient { _ in gateway.send(at: elapsed.value) }
        return try await LaneWorld.with(kind, sms: sms, elapsed: elapsed) { try await body($0, gateway) }
    }

    /// Returns the largest number of times within any period of a given length.
    private static func largest(_ times: [Duration], in seconds: Int) -> Int {
        times.map { start in times.count { $0 >= start && $0 < start + .seconds(seconds) } }.max() ?? 0
    }

    @Test("REQ-30: the open lane stops at 4 an hour and 7 a day", arguments: StoreKind.allCases)
    func openLaneIsCapped(kind: StoreKind) async throws {
        try await Self.withGateway(kind) { world, gateway in
            for _ in 0..<1_440 {
                _ = await world.issue()
                try world.pass(.seconds(60))
            }
            #expect(Self.largest(gateway.times, in: 3600) == 4 && gateway.times.count == 7)
        }
    }

    @Test("REQ-30: a known device reaches 5 an hour and 10 a day behind a stranger", arguments: StoreKind.allCases)
    func deviceLaneReachesTheTotal(kind: StoreKind) async throws {
        try await Self.withGateway(kind) { world, gateway in
            let device = try await world.knownDevice()
            let start = gateway.times.count
            var (open, known): ([Duration], [Duration]) = ([], [])
            for _ in 0..<1_440 {
                let now = world.elapsed.value
                if await world.issue().error == nil { open.append(now) }
                if await world.issue(device: device).error == nil { known.append(now) }
                try world.pass(.seconds(60))
            }
            let times = Array(gateway.times.dropFirst(start))
            #expect(Self.largest(times, in: 3600) == 5 && times.count == 10)
            // The open lane also counts the messages of the device, so it may have fewer than 7 messages.
            #expect(Self.largest(open, in: 3600) == 4 && (5...7).contains(open.count))
            #expect(known.count >= 3)
            #expect(gateway.refusals == 0)
        }
    }

    @Test("REQ-30: in 30 days, a gateway with Alibaba's limits never refuses a message", arguments: StoreKind.allCases)
    func gatewayNeverRefuses(kind: StoreKind) async throws {
        try await Self.withGateway(kind) { world, gateway in
            var random = SeededGenerator(seed: 30)
            let device = try await world.knownDevice()
            let end = world.elapsed.value + .seconds(30 * 86_400)
            while world.elapsed.value < end {
                let sent = await world.issue(device: Bool.random(using: &random) ? device : nil)
                if case .success(let sent) = sent, Int.random(in: 0..<4, using: &random) == 0 {
                    _ = await world.attempt(sent.code, sent.token)
                }
                // The wait mostly ends shortly before or after the end of a limit, and sometimes much later.
                let wait = sent.error?.retryAfter ?? .seconds(60)
                let jitter = Int64.random(in: -5_000...5_000, using: &random)
                let pause = Int.random(in: 0..<20, using: &random) == 0 ? Duration.seconds(20_000) : .zero
                try world.pass(max(.milliseconds(1), min(wait, .seconds(900)) + .milliseconds(jitter) + pause))
            }
            #expect(gateway.refusals == 0)
            #expect(Self.largest(gateway.times, in: 86_400) == 10)
        }
    }
}
