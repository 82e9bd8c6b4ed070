// SPDX-License-Identifier: Apache-2.0

import OTPTesting
import Testing

@testable import OTP

/// Tests of the marks of requests with an idempotency key, and of the challenges that such requests create.
@Suite struct IdempotencyTests {
    private static let scope = ["key", "issue"]

    @Test func memoryConforms() async throws {
        let clock = ManualClock()
        let store = InMemoryIdempotencyStore(clock: clock)
        try await IdempotencyStoreConformance(store: store) { clock.advance(by: $0) }.run()
    }

    @Test func storeThatForgetsAMarkDoesNotConform() async throws {
        struct Forgetful: IdempotencyStore {
            func insert(_ mark: [UInt8], named name: [UInt8], lifetime: Duration) async throws -> [UInt8]? { nil }

            func replace(_ mark: [UInt8], named name: [UInt8], lifetime: Duration) async throws {}

            func remove(named name: [UInt8]) async throws {}
        }
        let conformance = IdempotencyStoreConformance(store: Forgetful()) { _ in }
        await #expect(throws: OTPStoreConformance.Failure.self) { try await conformance.checkConcurrentInsertions() }
        await #expect(throws: OTPStoreConformance.Failure.self) { try await conformance.checkReplacement() }
        await #expect(throws: OTPStoreConformance.Failure.self) { try await conformance.checkExpiry() }
    }

    @Test func markDistinguishesBodiesAndStates() throws {
        let otp = try Fixture().otp
        func request(_ body: String, _ key: String = "k", _ scope: [String] = Self.scope) -> IdempotentRequest {
            otp.idempotentRequest(key: key, scope: scope, body: Array(body.utf8))
        }
        let (first, again) = (request("a"), request("a"))
        #expect(first.name == again.name && first.mark(isCompleted: true) != again.mark(isCompleted: true))
        guard case .completed(let seed) = again.earlier(first.mark(isCompleted: true)) else {
            Issue.record("the mark was not recognized")
            return
        }
        #expect(seed.token(in: .open) == first.seed.token(in: .open))
        guard case .inProgress = again.earlier(first.mark(isCompleted: false)), case .inProgress = again.earlier([]),
            case .different = request("b").earlier(first.mark(isCompleted: true)),
            case .different = request("b").earlier(first.mark(isCompleted: false))
        else {
            Issue.record("a mark was read wrongly")
            return
        }
        #expect(request("a", "other").name != first.name)
        #expect(request("a", "k", ["key", "resend"]).name != first.name)
        #expect(request("a", "k", ["ke", "yissue"]).name != first.name)
    }

    /// The seed determines the one-time pad that encrypts the code, so no seed may be used twice.
    @Test func equalRequestsHaveDifferentSeeds() throws {
        let otp = try Fixture().otp
        let texts = (0..<100)
            .map { _ in
                otp.idempotentRequest(key: "k", scope: Self.scope, body: [1]).seed.token(in: .open).text
            }
        #expect(Set(texts).count == 100)
    }

    @Test func markRevealsNeitherTokenNorNumber() throws {
        let otp = try Fixture().otp
        let body = Array(#"{"number":"+6591234567"}"#.utf8)
        let request = otp.idempotentRequest(key: "k", scope: Self.scope, body: body)
        let mark = request.mark(isCompleted: true)
        #expect(mark.count == 33)
        let seed = request.seed.token(in: .open)
        #expect(!mark.indices.contains { mark[$0...].starts(with: seed.id) })
        // Another key ring has another hash of the same body.
        let other = try Fixture(keys: Fixture.keys(index: ["i2"])).otp
        let foreign = other.idempotentRequest(key: "k", scope: Self.scope, body: body)
        #expect(foreign.name != request.name && foreign.mark(isCompleted: true)[1...16] != mark[1...16])
    }

    @Test func repeatedRequestFindsTheChallengeInEachLane() async throws {
        let fixture = try Fixture(policy: {
            $0.limits.cooldown = [.seconds(1)]
            $0.deviceLane = DeviceLane()
            $0.limits.sends = [WindowLimit(5, per: .seconds(3600)), WindowLimit(10, per: .seconds(86_400))]
        })
        let issued = try await fixture.issue()
        let proof = try await fixture.otp.verify(
            issued.code,
            for: Fixture.number,
            token: issued.token,
            purpose: .registration
        )
        for device in [nil, fixture.otp.deviceToken(for: proof)] {
            fixture.clock.advance(by: .seconds(2))
            let request = fixture.otp.idempotentRequest(key: "k", scope: Self.scope, body: [1])
            let challenge = try await fixture.otp.issue(
                for: Fixture.number,
                purpose: .registration,
                context: [],
                locale: nil,
                client: ClientInfo(deviceToken: device),
                seed: request.seed
            )
            #expect(challenge.token.lane == (device == nil ? .open : .device))
            let found = try await fixture.otp.challenge(of: request.seed, for: Fixture.number)
            #expect(found.token == challenge.token && found.status.expiresAt == challenge.expiresAt)
            try await fixture.otp.cancel(for: Fixture.number, token: challenge.token)
            let error = await #expect(throws: OTPError.self) {
                try await fixture.otp.challenge(of: request.seed, for: Fixture.number)
            }
            #expect(error?.code == .expired)
        }
    }
}
