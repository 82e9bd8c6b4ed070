// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import SendGuard
import Testing

/// Tests of revoked device tokens, on the stores in memory and in Redis.
@Suite(.timeLimit(.minutes(2)))
struct RevocationTests {
    @Test("a revoked device token has no effect, and a later one does", arguments: StoreKind.allCases)
    func revokedTokenHasNoEffect(kind: StoreKind) async throws {
        try await LaneWorld.with(kind) { world in
            let stolen = try await world.knownDevice()
            #expect(try await world.issue(device: stolen).get().token.text.hasPrefix("k1."))
            try world.pass(.seconds(3_600))
            try await world.otp.revokeDevices(of: LaneWorld.number)
            let unknown = try await world.issue(device: stolen).get()
            #expect(unknown.token.text.hasPrefix("v1."))
            #expect(await world.attempt(unknown.code, unknown.token) == nil)
            try world.pass(.seconds(3_600))
            let new = try await world.knownDevice()
            #expect(try await world.issue(device: new).get().token.text.hasPrefix("k1."))
            try world.pass(.seconds(3_600))
            #expect(try await world.issue(device: stolen).get().token.text.hasPrefix("v1."))
        }
    }

    @Test("the thief of a revoked token has the limits of a stranger", arguments: StoreKind.allCases)
    func thiefIsLockedOut(kind: StoreKind) async throws {
        try await LaneWorld.with(kind) { world in
            let stolen = try await world.knownDevice()
            try await world.exhaustOpenFailures()
            try world.pass(.seconds(600))
            try await world.otp.revokeDevices(of: LaneWorld.number)
            #expect(await world.issue(device: stolen).error?.code == .locked)
        }
    }

    @Test("a revocation changes no other number", arguments: StoreKind.allCases)
    func otherNumbersKeepTheirDevices(kind: StoreKind) async throws {
        try await LaneWorld.with(kind) { world in
            let device = try await world.knownDevice()
            try await world.otp.revokeDevices(of: LaneWorld.otherNumber)
            #expect(try await world.issue(device: device).get().token.text.hasPrefix("k1."))
        }
    }

    @Test("a challenge from before the revocation stays valid", arguments: StoreKind.allCases)
    func liveChallengeStaysValid(kind: StoreKind) async throws {
        try await LaneWorld.with(kind) { world in
            let device = try await world.knownDevice()
            let sent = try await world.issue(device: device).get()
            try await world.otp.revokeDevices(of: LaneWorld.number)
            try world.pass(.seconds(60))
            let client = ClientInfo(deviceToken: device)
            let number = LaneWorld.number
            _ = try await world.otp.resend(for: number, token: sent.token, purpose: .signIn, client: client)
            #expect(await world.attempt(sent.code, sent.token) == nil)
        }
    }
}
