// SPDX-License-Identifier: Apache-2.0

public import SendGuard

/// Tests that a `SendLedger` makes the same decisions as `ScopeRecord`.
///
/// Run the tests with any ledger:
///
/// ```swift
/// let conformance = SendLedgerConformance(ledger: ledger) { try await clock.advance(by: $0) }
/// try await conformance.run()
/// ```
///
/// The ledger may contain other data. Its clock must advance only in calls of the closure `advance`.
public struct SendLedgerConformance: Sendable {
    /// The error for a decision of the ledger that differs from the specification.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        /// The check, the expected decision and the actual decision.
        public let description: String

        /// Creates a failure.
        ///
        /// - Parameter description: The check, the expected decision and the actual decision.
        public init(description: String) {
            self.description = description
        }
    }

    let ledger: any SendLedger
    let movesBackwards: Bool
    let advance: @Sendable (Duration) async throws -> Void

    /// Creates the tests of a ledger.
    ///
    /// - Parameters:
    ///   - ledger: The ledger.
    ///   - movesBackwards: Whether `advance` accepts negative durations.
    ///   - advance: A closure that moves the ledger's clock by a duration of whole seconds.
    public init(
        ledger: any SendLedger,
        movesBackwards: Bool = false,
        advance: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.ledger = ledger
        self.movesBackwards = movesBackwards
        self.advance = advance
    }

    /// Runs every check.
    ///
    /// - Parameter seed: The seed of the random steps. The description of a ``Failure`` contains the seed.
    /// - Throws: ``Failure``, or an error of the ledger.
    public func run(seed: UInt64 = .random(in: .min ... .max)) async throws {
        try await self.checkConcurrentReserves()
        try await self.checkResponses()
        try await self.checkRandomSteps(2_000, seed: seed)
    }

    /// Checks that exactly one of many concurrent sends is admitted if the budget has one message left.
    ///
    /// - Parameter callers: The number of concurrent sends.
    /// - Throws: ``Failure``, or an error of the ledger.
    public func checkConcurrentReserves(callers: Int = 1_000) async throws {
        var service = ScopeLimits(.service)
        service.messages = (.block, 5)
        let shared = ScopeClaim(name: ScopeName(Self.randomName()), limits: service)
        let claim = { () -> SendClaim in
            let origin = [GuardScope.network, .source]
                .map { scope -> ScopeClaim in
                    var limits = ScopeLimits(scope)
                    limits.unverified = (
                        .block, LeakyBucket.Limits(capacity: 10, checkedCapacity: 10, pause: 60, credit: 2)
                    )
                    return ScopeClaim(name: ScopeName(Self.randomName()), limits: limits)
                }
            let facts = SendFacts(cost: 1, destination: RegionCode(letters: 0x5347), signals: [])
            return SendClaim(origin: origin, shared: [shared], facts: facts)
        }
        for _ in 0..<4 {
            guard try await self.ledger.reserve(claim()).isAdmitted else {
                throw Failure(description: "a send within the budget was refused")
            }
        }
        let ledger = self.ledger
        let admitted = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<callers {
                let claim = claim()
                group.addTask { try await ledger.reserve(claim).isAdmitted }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        guard admitted == 1 else {
            throw Failure(description: "\(admitted) of \(callers) sends were admitted with 1 message left, expected 1")
        }
    }

    /// Checks that exactly one of many concurrent calls marks a response of a human check as used.
    ///
    /// The mark must last for the lifetime in the call, and then expire.
    ///
    /// - Parameter callers: The number of concurrent calls.
    /// - Throws: ``Failure``, or an error of the ledger.
    public func checkResponses(callers: Int = 50) async throws {
        let (ledger, response, lifetime) = (self.ledger, Self.randomName(), Duration.seconds(360))
        let claimed = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<callers { group.addTask { try await ledger.claimResponse(response, for: lifetime) } }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        guard claimed == 1 else {
            throw Failure(description: "\(claimed) of \(callers) claims of one response succeeded, expected 1")
        }
        guard try await ledger.claimResponse(Self.randomName(), for: lifetime) else {
            throw Failure(description: "the claim of another response was refused")
        }
        for (wait, expected) in [(Duration.seconds(359), false), (.seconds(3), true)] {
            try await self.advance(wait)
            guard try await ledger.claimResponse(response, for: lifetime) == expected else {
                throw Failure(description: "a claim around the end of the lifetime: expected \(expected)")
            }
        }
    }

    static func randomName() -> [UInt8] {
        (0..<12).map { _ in UInt8.random(in: .min ... .max) }
    }
}
