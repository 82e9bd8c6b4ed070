// SPDX-License-Identifier: Apache-2.0

import Hiredis
import MovableClock
import NIOPosix
import OTP
import OTPRedis
import OTPTesting
import SMSKit
import Testing

/// A process with its own store and service, and a monotonic clock that the test controls.
struct ClockProcess: Sendable {
    let client: RedisClient
    let monotonic = ManualClock()
    let store: RedisOTPStore
    let sms = RecordingSMSClient()
    let otp: OTPService
    /// A service in this process with another audience and the same store.
    let shop: OTPService

    init(_ configuration: RedisConfiguration, lifetime: Duration = .seconds(300)) throws {
        // The client has only one event loop, so that the counters are about one connection.
        self.client = RedisClient(
            configuration: configuration,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton.next()
        )
        self.store = RedisOTPStore(client: self.client, clock: self.monotonic)
        var policy = OTPPolicy(destinations: [.singapore])
        policy.limits.lifetime = lifetime
        let (store, sms, limits) = (self.store, self.sms, policy)
        func service(_ audience: ProofAudience) throws -> OTPService {
            try OTPService(
                store: store,
                sms: sms,
                keys: try .test(),
                policy: limits,
                messages: try MessageTemplates(brand: "Acme"),
                audience: audience
            )
        }
        self.otp = try service(.default)
        self.shop = try service(Self.shopAudience())
    }

    private static func shopAudience() throws -> ProofAudience {
        try #require(ProofAudience(rawValue: "shop"))
    }

    /// Runs a closure with several processes, and then closes their connections.
    static func with(
        _ count: Int,
        _ configuration: RedisConfiguration,
        lifetime: Duration = .seconds(300),
        _ body: ([ClockProcess]) async throws -> Void
    ) async throws {
        let processes = try (0..<count).map { _ in try ClockProcess(configuration, lifetime: lifetime) }
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(processes))
        } catch {
            result = .failure(error)
        }
        for process in processes { await process.client.shutdown() }
        try result.get()
    }

    /// Issues a code for a new number.
    func issue() async throws -> FaultBench.Issued {
        let number = FaultBench.newNumber()
        let token = try await self.otp.issue(for: number, purpose: .signIn).token
        return FaultBench.Issued(number: number, token: token, code: try #require(self.sms.lastCode(to: number)))
    }

    /// Verifies a code with the service of this process.
    func prove(_ issued: FaultBench.Issued) async throws -> VerificationProof {
        try await self.otp.verify(issued.code, for: issued.number, token: issued.token, purpose: .signIn)
    }

    /// Returns the error of a verification, or `nil` if the verification succeeds.
    func verify(_ issued: FaultBench.Issued) async -> OTPError.Code? {
        do {
            _ = try await self.prove(issued)
            return nil
        } catch {
            return (error as? OTPError)?.code
        }
    }

    /// Creates a proof for the other service.
    func proveElsewhere() async throws -> VerificationProof {
        let issued = try await self.issue()
        return try await self.otp.verify(
            issued.code,
            for: issued.number,
            token: issued.token,
            purpose: .signIn,
            audience: try Self.shopAudience()
        )
    }

    /// Returns the error of a redemption, or `nil` if the redemption succeeds.
    func redeem(_ proof: VerificationProof) async -> OTPError.Code? {
        await Self.redeem(proof, self.otp)
    }

    /// Returns the error of a redemption by the other service, or `nil` if the redemption succeeds.
    func redeemElsewhere(_ proof: VerificationProof) async -> OTPError.Code? {
        await Self.redeem(proof, self.shop)
    }

    private static func redeem(_ proof: VerificationProof, _ service: OTPService) async -> OTPError.Code? {
        do throws(OTPError) {
            try await service.redeem(proof.token, for: proof.phoneNumber, purpose: .signIn)
            return nil
        } catch {
            return error.code
        }
    }
}

extension TestRedis {
    /// Advances the server's clock and the monotonic clocks of some processes.
    func pass(_ duration: Duration, _ processes: [ClockProcess]) throws {
        try self.clock.advance(by: duration)
        for process in processes { process.monotonic.advance(by: duration) }
    }

    /// Sets the server's clock back.
    func setBack(_ duration: Duration) throws {
        try self.clock.advance(by: .zero - duration)
    }
}
