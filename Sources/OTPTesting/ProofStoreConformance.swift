// SPDX-License-Identifier: Apache-2.0

public import OTP

/// A check that a store accepts each proof only once.
///
/// A proof is the signed result of a successful verification. The store must also reject proofs that have expired or were
/// created with a wrong clock. The check uses random proofs, so the store may contain other data.
public struct ProofStoreConformance: Sendable {
    /// The error for a result of the store that differs from the specification.
    public typealias Failure = OTPStoreConformance.Failure

    let store: any ProofStore
    let now: @Sendable () async throws -> StoreTime
    let advance: @Sendable (Duration) async throws -> Void

    /// Creates a check.
    ///
    /// - Parameters:
    ///   - store: The store to check.
    ///   - now: A closure that returns the current time of the store's clock.
    ///   - advance: A closure that moves the store's clock forward by a duration.
    public init(
        store: any ProofStore,
        now: @escaping @Sendable () async throws -> StoreTime,
        advance: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.store = store
        self.now = now
        self.advance = advance
    }

    /// Runs all checks.
    ///
    /// - Throws: ``Failure``, or an error of the store.
    public func run() async throws {
        try await self.checkSingleUse()
        try await self.checkExpiry()
        try await self.checkLifetimes()
    }

    /// Checks that exactly one of many concurrent redemptions of one proof succeeds.
    ///
    /// - Parameter callers: The number of concurrent redemptions.
    /// - Throws: ``Failure``, or an error of the store.
    public func checkSingleUse(callers: Int = 50) async throws {
        let proof = randomBytes(16)
        let expiry = try await self.now() + .seconds(600)
        let redeemed = try await concurrently(callers) { _ in
            try await self.store.redeem(proof: proof, expiringAt: expiry, lifetime: .seconds(600))
        }
        let count = redeemed.count { $0 }
        guard count == 1 else { throw Failure(description: "a proof was redeemed \(count) times, expected once") }
    }

    /// Checks that an expired proof is rejected.
    ///
    /// - Throws: ``Failure``, or an error of the store.
    public func checkExpiry() async throws {
        let expiry = try await self.now() + .seconds(600)
        try await self.advance(.seconds(600))
        let isRedeemed = try await self.store.redeem(
            proof: randomBytes(16),
            expiringAt: expiry,
            lifetime: .seconds(600)
        )
        guard !isRedeemed else { throw Failure(description: "a proof was redeemed after its expiry") }
    }

    /// Checks that a proof is rejected if its expiry is too far in the future.
    ///
    /// A proof whose remaining time exceeds its lifetime by more than one minute was created with a wrong clock. A negative
    /// lifetime must count as 0 seconds, and a lifetime above 600 seconds as 600 seconds.
    ///
    /// - Throws: ``Failure``, or an error of the store.
    public func checkLifetimes() async throws {
        let lifetimes: [(lifetime: Duration, effective: Duration)] = [
            (.seconds(600), .seconds(600)), (.seconds(60), .seconds(60)), (.seconds(Int64.max), .seconds(600)),
            (.seconds(9_223_372_036_854_775), .seconds(600)), (.seconds(601), .seconds(600)), (.seconds(-1), .zero),
            (.seconds(Int64.min), .zero),
        ]
        for (lifetime, effective) in lifetimes {
            // The margin of 30 seconds allows for clocks that cannot be stopped.
            for (excess, expected) in [(Duration.seconds(60), true), (.seconds(90), false)] {
                let expiry = try await self.now() + effective + excess
                let isRedeemed = try await self.store.redeem(
                    proof: randomBytes(16),
                    expiringAt: expiry,
                    lifetime: lifetime
                )
                guard isRedeemed == expected else {
                    let result = isRedeemed ? "redeemed" : "refused"
                    throw Failure(
                        description: "lifetime \(lifetime): a proof with \(effective + excess) left was \(result)"
                    )
                }
            }
        }
    }
}

extension ProofStoreConformance {
    /// Checks that a redeemed proof stays redeemed if the clock is set back by a short time.
    ///
    /// The clock is set back by half a minute just after the expiry of the proof, so that the proof seems valid again. The
    /// check is not part of ``run()``, because many clocks cannot be set back.
    ///
    /// - Parameter setBack: A closure that removes expired data, and sets the store's clock back by a duration.
    /// - Throws: ``Failure``, or an error of the store.
    public func checkExpiryBeforeASmallSetBack(_ setBack: @Sendable (Duration) async throws -> Void) async throws {
        let proof = randomBytes(16)
        let expiry = try await self.now() + .seconds(600)
        for (move, isRedeemed) in [(Duration.zero, true), (.seconds(601), false), (.seconds(-30), false)] {
            if move < .zero { try await setBack(.zero - move) } else { try await self.advance(move) }
            let result = try await self.store.redeem(proof: proof, expiringAt: expiry, lifetime: .seconds(600))
            guard result == isRedeemed else {
                throw Failure(description: "a proof was \(result ? "redeemed" : "refused") after a move of \(move)")
            }
        }
    }

    /// Checks that a store starts a new epoch (`ClockEpoch`) when its clock is set back.
    ///
    /// The property `previousEnd` of the new epoch must not be `nil`. It must not be more than one minute earlier than the
    /// latest time that the clock reached. If the clock is set back a second time, `previousEnd` must not become earlier. The
    /// check is not part of ``run()``, because many clocks cannot be set back.
    ///
    /// - Parameter setBack: A closure that sets the store's clock back by more than a minute, and then waits until the store
    ///   must have detected the change. The closure is called twice.
    /// - Throws: ``Failure``, or an error of the store.
    public func checkClockSetBack(_ setBack: @Sendable () async throws -> Void) async throws {
        var (epoch, highest) = (try await self.store.clockEpoch(), try await self.now())
        for _ in 0..<2 {
            try await setBack()
            let next = try await self.store.clockEpoch()
            guard next.rawValue != epoch.rawValue, next.rawValue != ClockEpoch.initial.rawValue else {
                throw Failure(description: "no new epoch started when the clock was set back")
            }
            guard let end = next.previousEnd, end + StoreTime.tolerance >= highest else {
                throw Failure(description: "the epoch says that the earlier epochs ended before the clock was set back")
            }
            guard end >= epoch.previousEnd ?? end else {
                throw Failure(description: "the end of the earlier epochs fell when the clock was set back again")
            }
            (epoch, highest) = (next, max(highest, try await self.now()))
        }
    }
}
