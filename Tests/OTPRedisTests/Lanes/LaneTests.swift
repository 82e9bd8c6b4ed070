// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import OTPTesting
import SMSKit
import SendGuard
import Testing

/// Tests of the protection from lockouts by strangers, with the stores in memory and in Redis.
@Suite(.timeLimit(.minutes(5)))
struct LaneTests {
    @Test("REQ-14: a new challenge leaves the live challenge of another session valid", arguments: StoreKind.allCases)
    func newChallengesLeaveOthersValid(kind: StoreKind) async throws {
        try await LaneWorld.with(kind, policy: { $0.limits.lifetime = .seconds(600) }) { world in
            let owner = try await world.issue().get()
            for wait in [60, 120, 300] {
                try world.pass(.seconds(wait))
                _ = try await world.issue().get()
            }
            #expect(await world.attempt(owner.code, owner.token) == nil)
        }
    }

    @Test("REQ-25: attempts without a live challenge of the number are not counted", arguments: StoreKind.allCases)
    func attemptsWithoutAChallengeAreNotCounted(kind: StoreKind) async throws {
        // One counted attempt too many would lock the number.
        let change: @Sendable (inout OTPPolicy) -> Void = {
            $0.deviceLane = nil
            $0.limits.failures = [WindowLimit(2, per: .seconds(86_400))]
        }
        try await LaneWorld.with(kind, policy: change) { world in
            let foreign = try await world.issue(for: LaneWorld.otherNumber).get()
            let spent = try await world.issue().get()
            #expect(await world.attempt(spent.code, spent.token) == nil)
            try world.pass(.seconds(60))
            let expired = try await world.issue().get()
            try world.pass(.seconds(300))
            let owner = try await world.issue().get()
            let flipped = try ChallengeToken(owner.token.text.replacing("v1.", with: "k1."))
            let unknown = try ChallengeToken("v1." + String(repeating: "A", count: 43))
            for round in 0..<2_000 {
                for token in [foreign.token, spent.token, expired.token, flipped, unknown] {
                    let error = await world.attempt(String(100_000 + round), token)
                    #expect(error?.code == .expired)
                }
            }
            #expect(await world.attempt(wrong(owner.code), owner.token)?.attemptsRemaining == 4)
            #expect(await world.attempt(owner.code, owner.token) == nil)
        }
    }

    @Test("REQ-26: a known device verifies while a stranger has locked the number", arguments: StoreKind.allCases)
    func knownDeviceVerifiesDuringALockout(kind: StoreKind) async throws {
        try await LaneWorld.with(kind) { world in
            let device = try await world.knownDevice()
            try await world.exhaustOpenFailures()
            #expect(await world.issue().error?.code == .locked)
            try world.pass(.seconds(600))
            let sent = try await world.issue(device: device).get()
            for step in 1...3 {
                #expect(await world.attempt(wrong(sent.code, by: step), sent.token)?.attemptsRemaining == 5 - step)
            }
            #expect(await world.attempt(sent.code, sent.token) == nil)
            // The success does not lift the lockout of the open lane.
            #expect(await world.issue().error?.code == .locked)
        }
    }

    @Test("REQ-26: a lockout leaves the live challenge of another session one attempt", arguments: StoreKind.allCases)
    func lockoutLeavesLiveChallengesOneAttempt(kind: StoreKind) async throws {
        try await LaneWorld.with(kind, policy: { $0.limits.lifetime = .seconds(600) }) { world in
            let owner = try await world.issue().get()
            try world.pass(.seconds(60))
            try await world.exhaustOpenFailures()
            #expect(await world.attempt(owner.code, owner.token) == nil)
        }
    }

    @Test("REQ-21: 80 failures of strangers disable the open lane, and a success of a known device enables it")
    func failureStreakIsHeldBack() async throws {
        try await LaneWorld.with(.memory) { world in
            let device = try await world.knownDevice()
            var code: OTPError.Code?
            while code != .disabled {
                switch await world.issue() {
                case .success(let sent):
                    for step in 1...5 { _ = await world.attempt(wrong(sent.code, by: step), sent.token) }
                case .failure(let error):
                    code = error.code
                    try world.pass(error.retryAfter ?? .zero)
                }
            }
            try world.pass(.seconds(600))
            let sent = try await world.issue(device: device).get()
            #expect(await world.attempt(sent.code, sent.token) == nil)
            #expect(await world.issue().error?.code != .disabled)
        }
    }

    @Test("REQ-28: only the holder of a live challenge learns the remaining attempts", arguments: StoreKind.allCases)
    func remainingAttemptsNeedTheChallenge(kind: StoreKind) async throws {
        try await LaneWorld.with(kind) { world in
            let device = try await world.knownDevice()
            for token in [nil, device] {
                let sent = try await world.issue(device: token).get()
                let unknown = try ChallengeToken("v1." + String(repeating: "A", count: 43))
                #expect(await world.attempt(wrong(sent.code), unknown)?.attemptsRemaining == nil)
                #expect(await world.attempt(wrong(sent.code), sent.token)?.attemptsRemaining == 4)
                try world.pass(.seconds(3600))
                #expect(await world.attempt(sent.code, sent.token)?.attemptsRemaining == nil)
            }
        }
    }

    @Test("REQ-22: the limits of a number do not depend on the address", arguments: StoreKind.allCases)
    func addressesDoNotMultiplyTheLimits(kind: StoreKind) async throws {
        try await LaneWorld.with(kind) { world in
            var compared = 0
            for minute in 0..<1_000 {
                let source = SourceAddress("198.51.\(minute / 250).\(minute % 250)")
                let client = ClientInfo(source: source)
                let challenge = try? await world.otp.issue(for: LaneWorld.number, purpose: .signIn, client: client)
                if let challenge, let code = world.sms.lastCode(to: LaneWorld.number) {
                    for step in 1...5 {
                        let error = await world.attempt(wrong(code, by: step), challenge.token)
                        if error?.code == .incorrectCode { compared += 1 }
                    }
                }
                try world.pass(.seconds(60))
            }
            #expect(compared == 20)
        }
    }

    @Test("unlock clears both lanes", arguments: StoreKind.allCases)
    func unlockClearsBothLanes(kind: StoreKind) async throws {
        try await LaneWorld.with(kind) { world in
            let device = try await world.knownDevice()
            try await world.exhaustOpenFailures()
            try await world.exhaustFailures(of: device)
            try world.pass(.seconds(600))
            #expect(await world.issue(device: device).error?.code == .locked)
            try await world.otp.unlock(for: LaneWorld.number)
            #expect(await world.issue().error == nil)
            try world.pass(.seconds(600))
            #expect(await world.issue(device: device).error == nil)
        }
    }

    @Test("resend, status and cancel stay in the lane of the challenge", arguments: StoreKind.allCases)
    func laterStepsStayInTheLane(kind: StoreKind) async throws {
        try await LaneWorld.with(kind, policy: { $0.limits.lifetime = .seconds(600) }) { world in
            let device = try await world.knownDevice()
            // The open lane has used up its messages of the hour.
            for wait in [60, 120, 300] {
                _ = try await world.issue().get()
                try world.pass(.seconds(wait))
            }
            let open = try await world.issue().get()
            try world.pass(.seconds(600))
            #expect(await world.issue().error?.code == .rateLimited)
            // The device lane still has one.
            let sent = try await world.issue(device: device).get()
            #expect(sent.token.text.hasPrefix("k1.") && open.token.text.hasPrefix("v1."))
            let status = try await world.otp.status(for: LaneWorld.number, token: sent.token)
            #expect(status.sendCount == 1 && status.attemptsRemaining == 5)
            try await world.otp.cancel(for: LaneWorld.number, token: sent.token)
            #expect(await world.attempt(sent.code, sent.token)?.code == .expired)
        }
    }

    @Test("a resend of a known device uses the messages of the device lane", arguments: StoreKind.allCases)
    func resendUsesTheDeviceLane(kind: StoreKind) async throws {
        let sends = [WindowLimit(1, per: .seconds(60)), WindowLimit(3, per: .seconds(3600))]
        var lane = DeviceLane()
        lane.sends = [WindowLimit(1, per: .seconds(3600))]
        try await LaneWorld.with(kind, lane: lane, policy: { $0.limits.sends = sends }) { world in
            let device = try await world.knownDevice()
            _ = try await world.issue().get()
            try world.pass(.seconds(60))
            let sent = try await world.issue(device: device).get()
            try world.pass(.seconds(120))
            #expect(await world.issue().error?.limit == .sends(WindowLimit(2, per: .seconds(3600))))
            let status = try await world.otp.status(for: LaneWorld.number, token: sent.token)
            #expect(try #require(status.resendAllowedAt) <= status.readAt)
            let again = try await world.otp.resend(for: LaneWorld.number, token: sent.token, purpose: .signIn)
            #expect(again.token == sent.token)
            #expect(await world.attempt(sent.code, sent.token) == nil)
        }
    }

    @Test("without a device lane, a device token changes no limit", arguments: StoreKind.allCases)
    func withoutALaneATokenChangesNothing(kind: StoreKind) async throws {
        try await LaneWorld.with(kind, lane: nil) { world in
            let device = try await world.knownDevice()
            #expect(try await world.issue(device: device).get().token.text.hasPrefix("v1."))
            try await world.exhaustOpenFailures()
            #expect(await world.issue(device: device).error?.code == .locked)
        }
    }

    @Test("a tokenless challenge is in the open lane")
    func tokenlessChallengesAreInTheOpenLane() async throws {
        try await LaneWorld.with(.memory) { world in
            let device = try await world.knownDevice()
            try await world.exhaustOpenFailures()
            try world.pass(.seconds(600))
            let client = ClientInfo(deviceToken: device)
            let error = await #expect(throws: OTPError.self) {
                try await world.otp.issueTokenless(for: LaneWorld.number, purpose: .signIn, client: client)
            }
            #expect(error?.code == .locked)
        }
    }
}

extension LaneWorld {
    /// Makes failed attempts with the device token until the hourly limit of the device lane is reached.
    func exhaustFailures(of device: DeviceToken) async throws {
        try self.pass(.seconds(600))
        let sent = try await self.issue(device: device).get()
        for step in 1...5 { _ = await self.attempt(wrong(sent.code, by: step), sent.token) }
    }
}

extension Result where Failure == OTPError {
    /// The error of a result, or `nil` after a success.
    var error: OTPError? {
        guard case .failure(let error) = self else { return nil }
        return error
    }
}
