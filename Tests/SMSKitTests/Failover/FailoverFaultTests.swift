// SPDX-License-Identifier: Apache-2.0

import OTPTesting
import SMSKit
import SeededRandom
import Synchronization
import Testing

/// A gateway that accepts, rejects or loses messages at random, and counts the accepted messages.
private final class FaultyGateway: SMSClient {
    private struct State {
        var random: SplitMix64
        var accepted: [String: Int] = [:]
    }

    private let state: Mutex<State>
    private let clock: ManualClock

    init(seed: UInt64, clock: ManualClock) {
        self.state = Mutex(State(random: SplitMix64(seed: seed)))
        self.clock = clock
    }

    func accepted(_ id: String) -> Int { self.state.withLock { $0.accepted[id] ?? 0 } }

    func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
        self.state.withLock { state in
            let id = message.dispatchID ?? ""
            let kind = SMSError.Kind.all.randomElement(using: &state.random) ?? .unknown
            let error = SMSError(code: "fault", kind: kind, message: "m")
            let latency = Duration.milliseconds(Int.random(in: 0...4_000, using: &state.random))
            self.clock.advance(by: min(latency, timeout))
            // Past its timeout, a gateway may or may not have accepted the message, and the client cannot know.
            let isLate = latency >= timeout
            let isAccepted = Bool.random(using: &state.random)
            if isAccepted { state.accepted[id, default: 0] += 1 }
            if isLate || Int.random(in: 0..<3, using: &state.random) == 0 { return .unknown(error) }
            return isAccepted ? .accepted(SMSReceipt(messageID: id)) : .rejected(error)
        }
    }
}

@Suite(.timeLimit(.minutes(2))) struct FailoverFaultTests {
    @Test(
        "In 10,000 runs with random faults, at most one provider accepts a message, and the outcome is true"
    )
    func atMostOneAcceptedMessage() async throws {
        let recipients = try ["+6591234567", "+447911123456", "+8613800138000"]
            .map {
                try PhoneNumber($0)
            }
        for seed in 0..<UInt64(100) {
            let clock = ManualClock()
            let gateways = (0..<3).map { FaultyGateway(seed: seed * 3 + $0, clock: clock) }
            let client = FailoverSMSClient(
                gateways.enumerated().map { .init("\($0)", $1) },
                settings: .init(failuresToOpen: 3, openInterval: .seconds(5)),
                clock: clock
            )
            var random = SplitMix64(seed: seed)
            for run in 0..<100 {
                let message = SMSMessage(
                    to: recipients[Int.random(in: 0..<3, using: &random)],
                    text: "Your code is 123456.",
                    category: .oneTimePassword,
                    dispatchID: "\(run)"
                )
                let outcome = await client.send(message, timeout: .seconds(10))
                let accepted = gateways.map { $0.accepted("\(run)") }.reduce(0, +)
                try #require(accepted <= 1, "seed \(seed), run \(run): \(accepted) messages were accepted")
                switch outcome {
                case .accepted: try #require(accepted == 1, "seed \(seed), run \(run)")
                case .rejected: try #require(accepted == 0, "seed \(seed), run \(run)")
                case .unknown: break
                }
            }
        }
    }
}
