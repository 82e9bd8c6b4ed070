// SPDX-License-Identifier: Apache-2.0

public import OTP

/// A check that an `IdempotencyStore` stores at most one mark for each request.
///
/// A mark shows that a request with an idempotency key was already received. The check stores its marks under random names, so
/// the store may contain other data.
public struct IdempotencyStoreConformance: Sendable {
    /// The error for a result of the store that differs from the specification.
    public typealias Failure = OTPStoreConformance.Failure

    let store: any IdempotencyStore
    let advance: @Sendable (Duration) async throws -> Void

    /// Creates a check.
    ///
    /// - Parameters:
    ///   - store: The store to check.
    ///   - advance: A closure that moves the store's clock forward by a duration.
    public init(store: any IdempotencyStore, advance: @escaping @Sendable (Duration) async throws -> Void) {
        self.store = store
        self.advance = advance
    }

    /// Runs all checks.
    ///
    /// - Throws: ``Failure``, or an error of the store.
    public func run() async throws {
        try await self.checkConcurrentInsertions()
        try await self.checkReplacement()
        try await self.checkExpiry()
    }

    /// Checks concurrent insertions under one name: exactly one caller stores its mark, and all other callers receive this
    /// mark.
    ///
    /// - Parameter callers: The number of concurrent callers.
    /// - Throws: ``Failure``, or an error of the store.
    public func checkConcurrentInsertions(callers: Int = 50) async throws {
        let name = randomBytes(16)
        let marks = (0..<callers).map { _ in randomBytes(33) }
        let results = try await concurrently(callers) {
            let existing = try await self.store.insert(marks[$0], named: name, lifetime: .seconds(3600))
            return (inserted: marks[$0], existing: existing)
        }
        let winners = results.filter { $0.existing == nil }
        guard winners.count == 1 else {
            throw Failure(description: "\(winners.count) concurrent callers stored a mark, expected one")
        }
        guard results.compactMap(\.existing).allSatisfy({ $0 == winners[0].inserted }) else {
            throw Failure(description: "a caller received another mark than the stored one")
        }
    }

    /// Checks that a mark can be replaced and removed.
    ///
    /// - Throws: ``Failure``, or an error of the store.
    public func checkReplacement() async throws {
        let (name, other) = (randomBytes(16), randomBytes(16))
        _ = try await self.store.insert([1], named: name, lifetime: .seconds(3600))
        try await self.store.replace([2], named: name, lifetime: .seconds(3600))
        try await self.store.replace([3], named: other, lifetime: .seconds(3600))
        for (name, mark) in [(name, [UInt8(2)]), (other, [3])] {
            guard try await self.store.insert([9], named: name, lifetime: .seconds(3600)) == mark else {
                throw Failure(description: "a replaced mark was lost")
            }
        }
        try await self.store.remove(named: name)
        try await self.advance(.seconds(1))
        guard try await self.store.insert([4], named: name, lifetime: .seconds(3600)) == nil else {
            throw Failure(description: "a removed mark was still there")
        }
    }

    /// Checks that a mark exists until its expiry.
    ///
    /// - Throws: ``Failure``, or an error of the store.
    public func checkExpiry() async throws {
        let name = randomBytes(16)
        _ = try await self.store.insert([1], named: name, lifetime: .seconds(60))
        try await self.advance(.seconds(50))
        guard try await self.store.insert([2], named: name, lifetime: .seconds(60)) == [1] else {
            throw Failure(description: "a mark was lost before its expiry")
        }
        try await self.advance(.seconds(11))
        guard try await self.store.insert([3], named: name, lifetime: .seconds(60)) == nil else {
            throw Failure(description: "a mark was still there after its expiry")
        }
    }
}
