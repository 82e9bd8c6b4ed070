// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTPTesting
import SMSKit
import Testing

@testable import OTP

/// Tests of the limits with and without a device token, for one number.
@Suite struct DeviceLaneTests {
    private static let present = StoreTime(milliseconds: 1_700_000_000_000)
    private static let code = ProtectedCode(keyID: "k", authenticator: [1], sealed: [])
    private static let right = Attempt(candidates: [.init(keyID: "k", authenticator: [1])])
    private static let wrong = Attempt(candidates: [.init(keyID: "k", authenticator: [2])])

    private static func lanes(_ change: (inout OTPPolicy) -> Void = { _ in }) throws -> LaneLimits {
        var policy = OTPPolicy(destinations: [.singapore])
        policy.deviceLane = DeviceLane()
        change(&policy)
        try policy.validate()
        return try LaneLimits(policy)
    }

    private static func reference(_ id: Int) -> ChallengeReference {
        ChallengeReference(
            id: ChallengeID(bytes: [UInt8(id & 255), UInt8(id >> 8 & 255), UInt8(id >> 16)]),
            check: [7]
        )
    }

    @Test func defaultLaneHoldsBackSendsAndTheStreakAndAddsFailures() throws {
        let lanes = try Self.lanes()
        #expect(lanes.open.sends.map(\.count) == [1, 4, 7] && lanes.device.sends.map(\.count) == [1, 5, 10])
        #expect(lanes.open.failures.map(\.count) == [10, 20, 60])
        #expect(lanes.device.failures.map(\.count) == [15, 30, 90])
        #expect(lanes.open.consecutiveFailures == 80 && lanes.device.consecutiveFailures == 100)
        let off = try Self.lanes { $0.deviceLane = nil }
        #expect(off.open == OTPLimits() && off.device == OTPLimits())
        #expect(off[.open] == StoreLimits() && off[.device] == StoreLimits())
    }

    /// A stranger makes random steps for 60 days, and a known device must always be able to verify a code.
    @Test(arguments: 1...8)
    func noStepsInTheOpenLaneStopADevice(seed: Int) throws {
        let lanes = try Self.lanes { $0.limits.lifetime = .seconds(600) }
        var random = SeededGenerator(seed: UInt64(seed))
        var (state, now, id) = (PhoneNumberState(), Self.present, 0)
        while now - Self.present < .seconds(60 * 86_400) {
            let pause = [1, 30, 300, 3_600, 40_000].randomElement(using: &random) ?? 1
            now = now + .milliseconds(Int64.random(in: 1...Int64(pause) * 1000, using: &random))
            if Bool.random(using: &random), case .admitted = Self.issue(&state, id + 1, lanes[.open], now) { id += 1 }
            for challenge in max(1, id - 4)...max(1, id) {
                for _ in 0..<Int.random(in: 0...5, using: &random) {
                    _ = state.verify(Self.wrong, of: Self.reference(challenge), limits: lanes[.open], at: now)
                }
            }
            if Int.random(in: 0..<50, using: &random) == 0 { try Self.checkDevice(state, lanes[.device], at: now) }
        }
    }

    /// Checks that a known device receives a code after at most the cooldown, and may then enter one wrong code.
    private static func checkDevice(_ state: PhoneNumberState, _ limits: StoreLimits, at now: StoreTime) throws {
        var (state, now, waited) = (state, now, Duration.zero)
        while case .refused(let refusal, _) = Self.issue(&state, 1_000_000, limits, now) {
            let wait = try #require(refusal.retryAfter, "\(refusal)")
            (now, waited) = (now + wait, waited + wait)
            #expect(waited <= .seconds(600), "\(refusal)")
            guard waited <= .seconds(600) else { return }
        }
        let mistake = state.verify(Self.wrong, of: Self.reference(1_000_000), limits: limits, at: now)
        #expect(mistake == .mismatched(attemptsRemaining: 4, at: now))
        let success = state.verify(Self.right, of: Self.reference(1_000_000), limits: limits, at: now)
        #expect(success == .matched(at: now))
    }

    private static func issue(
        _ state: inout PhoneNumberState,
        _ id: Int,
        _ limits: StoreLimits,
        _ now: StoreTime
    ) -> IssueDecision {
        state.issue(Self.reference(id), code: Self.code, limits: limits, at: now)
    }

    /// An attempt without a device token must not delete failures that count only for known devices.
    @Test func stepsInTheOpenLaneKeepTheFailuresOfTheDeviceLane() throws {
        let lanes = try Self.lanes {
            $0.limits.sends = [WindowLimit(3, per: .seconds(3600))]
            $0.deviceLane?.sends = [WindowLimit(1, per: .seconds(3600))]
            $0.limits.failures = [WindowLimit(2, per: .seconds(86_400))]
            $0.deviceLane?.failures = [WindowLimit(3, per: .seconds(86_400))]
        }
        var (state, now) = (PhoneNumberState(), Self.present)
        _ = Self.issue(&state, 1, lanes[.open], now)
        now = now + .seconds(60)
        _ = Self.issue(&state, 2, lanes[.device], now)
        for _ in 1...5 { _ = state.verify(Self.wrong, of: Self.reference(2), limits: lanes[.device], at: now) }
        // The first attempt of a code that was sent before the lockout is compared in any lane.
        let first = state.verify(Self.wrong, of: Self.reference(1), limits: lanes[.open], at: now)
        #expect(first == .mismatched(attemptsRemaining: 4, at: now))
        now = now + .seconds(3600)
        guard case .refused(let refusal, _) = Self.issue(&state, 3, lanes[.device], now) else {
            Issue.record("the failures of the device lane were forgotten")
            return
        }
        #expect(refusal.limit == .failures(WindowLimit(5, per: .seconds(86_400))))
    }

    @Test func tokenInAnotherLaneNamesAnotherChallenge() throws {
        let bytes = [UInt8](0..<16)
        let open = ChallengeToken(id: bytes, secret: bytes)
        let device = ChallengeToken(id: bytes, secret: bytes, lane: .device)
        #expect(open != device && open.text.dropFirst(3) == device.text.dropFirst(3))
        #expect(open.text.utf8.count == 46 && device.text.utf8.count == 46)
        #expect(try ChallengeToken(device.text) == device && ChallengeToken(open.text) == open)
        for epoch in [ClockEpoch.initial, ClockEpoch(rawValue: 5, previousEnd: nil)] {
            #expect(open.storeID(in: epoch) != device.storeID(in: epoch))
        }
    }

    @Test func attemptWithTheLaneOfTheTokenChangedFindsNothing() async throws {
        let fixture = try Fixture { $0.deviceLane = DeviceLane() }
        let (token, code) = try await fixture.issue()
        let other = try ChallengeToken("k1." + token.text.dropFirst(3))
        #expect(await fixture.verify(code, token: other)?.code == .expired)
        #expect(await fixture.verify(code, token: token) == nil)
    }

    @Test func unsuitableLaneIsRejected() throws {
        let changes: [(String, (inout OTPPolicy) -> Void)] = [
            ("deviceLane.sends", { $0.deviceLane?.sends = [WindowLimit(5, per: .seconds(3600))] }),
            ("deviceLane.sends", { $0.deviceLane?.sends = [WindowLimit(0, per: .seconds(3600))] }),
            ("deviceLane.sends", { $0.deviceLane?.sends = [WindowLimit(1, per: .seconds(7200))] }),
            ("deviceLane.sends", { $0.deviceLane?.sends = [] }),
            ("deviceLane.sends", { $0.deviceLane?.sends += [WindowLimit(1, per: .seconds(3600))] }),
            ("deviceLane.failures", { $0.deviceLane?.failures.removeLast() }),
            ("deviceLane.failures", { $0.deviceLane?.failures[0].count = 0 }),
            ("deviceLane.failures", { $0.deviceLane?.failures[2].count = 196 }),
            ("deviceLane.failures", { $0.deviceLane?.failures[0].count = 4 }),
            ("deviceLane.failures", { $0.limits.sends[1].count = 7 }),
            ("deviceLane.failures", { $0.deviceLane?.failures[0].window = .seconds(60) }),
            ("deviceLane.failures", { $0.deviceLane?.failures += [WindowLimit(1, per: .seconds(3600))] }),
            ("deviceLane.failures", { $0.limits.failures.removeLast() }),
            ("deviceLane.consecutiveFailures", { $0.deviceLane?.consecutiveFailures = 100 }),
            ("deviceLane.consecutiveFailures", { $0.deviceLane?.consecutiveFailures = 0 }),
            ("deviceTokenLifetime", { $0.deviceTokenLifetime = .seconds(86_399) }),
            ("deviceTokenLifetime", { $0.deviceTokenLifetime = .seconds(401 * 86_400) }),
        ]
        for (setting, change) in changes {
            let error = #expect(throws: OTPConfigurationError.self) { _ = try Self.lanes(change) }
            #expect(error?.setting == setting, "\(error as Any)")
        }
        _ = try Self.lanes { $0.deviceLane?.failures[2].count = 195 }
        // Fewer sends or a shorter lifetime permit fewer failed attempts.
        _ = try Self.lanes {
            $0.limits.lifetime = .seconds(120)
            $0.deviceLane?.failures[0].count = 3
        }
        _ = try Self.lanes {
            $0.deviceLane?.sends[0].count = 4
            $0.deviceLane?.failures[0].count = 2
        }
    }

    @Test func codableFormKeepsTheLane() throws {
        var policy = OTPPolicy(destinations: [.singapore])
        for lane in [nil, DeviceLane()] {
            policy.deviceLane = lane
            policy.deviceLane?.consecutiveFailures = 7
            policy.deviceTokenLifetime = .seconds(86_400)
            let json = try JSONEncoder().encode(policy)
            #expect(try JSONDecoder().decode(OTPPolicy.self, from: json) == policy)
        }
        let short = Data(#"{"destinations": ["SG"], "deviceLane": {}}"#.utf8)
        #expect(try JSONDecoder().decode(OTPPolicy.self, from: short).deviceLane == DeviceLane())
    }
}
