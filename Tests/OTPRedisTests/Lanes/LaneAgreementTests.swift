// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import OTPTesting
import Testing

/// Tests that the stores in memory and in Redis make the same decisions, with and without a device token.
@Suite(.timeLimit(.minutes(5)))
struct LaneAgreementTests {
    /// A step of a caller, with its random choices.
    private enum Step: Sendable {
        case issue(isKnown: Bool)
        case attempt(challenge: Int, isRight: Bool)
        case resend(challenge: Int)
        case cancel(challenge: Int)
        case status(challenge: Int)
        case unlock
        case wait(Duration)

        static func random(using random: inout SeededGenerator) -> Self {
            let challenge = Int.random(in: 0..<4, using: &random)
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<20: return .issue(isKnown: Bool.random(using: &random))
            case 20..<60: return .attempt(challenge: challenge, isRight: Int.random(in: 0..<8, using: &random) == 0)
            case 60..<66: return .resend(challenge: challenge)
            case 66..<68: return .cancel(challenge: challenge)
            case 68..<72: return .status(challenge: challenge)
            case 72: return .unlock
            default:
                let seconds = [1, 60, 600, 3_600, 86_400].randomElement(using: &random) ?? 1
                return .wait(.milliseconds(Int64.random(in: 1...Int64(seconds) * 1_000, using: &random)))
            }
        }
    }

    /// A caller with its challenges, newest first.
    private struct Caller {
        let world: LaneWorld
        let device: DeviceToken
        var challenges: [LaneWorld.Sent] = []

        /// Runs a step, and returns a description of the result without random values.
        mutating func run(_ step: Step) async throws -> String {
            do {
                return try await self.result(of: step)
            } catch let error as OTPError {
                let details = "\(error.limit?.description ?? "-") \(String(describing: error.retryAfter))"
                return "\(error.code) \(details) \(String(describing: error.attemptsRemaining))"
            }
        }

        private mutating func result(of step: Step) async throws -> String {
            switch step {
            case .issue(let isKnown):
                let sent = try await self.world.issue(device: isKnown ? self.device : nil).get()
                self.challenges.insert(sent, at: 0)
                return "sent \(sent.token.text.prefix(3))"
            case .attempt(let index, let isRight):
                guard let sent = self.challenge(index) else { return "none" }
                let code = isRight ? sent.code : wrong(sent.code)
                if let error = await self.world.attempt(code, sent.token) { throw error }
                return "verified"
            case .resend(let index):
                guard let sent = self.challenge(index) else { return "none" }
                let number = LaneWorld.number
                let again = try await self.world.otp.resend(for: number, token: sent.token, purpose: .signIn)
                return "resent, \(again.attemptsRemaining)"
            case .cancel(let index):
                guard let sent = self.challenge(index) else { return "none" }
                try await self.world.otp.cancel(for: LaneWorld.number, token: sent.token)
                return "cancelled"
            case .status(let index):
                guard let sent = self.challenge(index) else { return "none" }
                let status = try await self.world.otp.status(for: LaneWorld.number, token: sent.token)
                let wait = status.resendAllowedAt?.timeIntervalSince(status.readAt)
                return "\(status.attemptsRemaining) \(status.sendCount) \(String(describing: wait.map { max($0, 0) }))"
            case .unlock:
                try await self.world.otp.unlock(for: LaneWorld.number)
                return "unlocked"
            case .wait(let duration):
                try self.world.pass(duration)
                return "waited"
            }
        }

        private func challenge(_ index: Int) -> LaneWorld.Sent? {
            self.challenges.indices.contains(index) ? self.challenges[index] : nil
        }
    }

    @Test(arguments: [1, 2, 3])
    func storesDecideAlikeInBothLanes(seed: UInt64) async throws {
        let change: @Sendable (inout OTPPolicy) -> Void = { $0.limits.lifetime = .seconds(600) }
        try await LaneWorld.with(.memory, policy: change) { memory in
            try await LaneWorld.with(.redis, policy: change) { redis in
                var random = SeededGenerator(seed: seed)
                var first = Caller(world: memory, device: try await memory.knownDevice())
                var second = Caller(world: redis, device: try await redis.knownDevice())
                for number in 0..<1_500 {
                    let step = Step.random(using: &random)
                    let (expected, actual) = (try await first.run(step), try await second.run(step))
                    try #require(expected == actual, "step \(number): \(step)")
                }
            }
        }
    }
}
