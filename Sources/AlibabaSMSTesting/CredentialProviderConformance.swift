// SPDX-License-Identifier: Apache-2.0

public import AlibabaSMS

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A conformance check for implementations of `CredentialProvider`.
///
/// Run the check against any provider, including your own:
///
/// ```swift
/// try await CredentialProviderConformance(provider: provider, fetchCount: { server.requestCount }).run()
/// ```
///
/// Without `fetchCount`, the check does not count fetches. Without `advance`, the check does not test the refresh before
/// expiry.
public struct CredentialProviderConformance: Sendable {
    /// The error for a requirement that the provider does not meet.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        /// A description of the expected and the actual result, without any part of a credential.
        public let description: String

        /// Creates a failure.
        ///
        /// - Parameter description: A description of the expected and the actual result.
        public init(description: String) { self.description = description }
    }

    /// The number of concurrent callers in the checks.
    public static let callers = 64

    private let provider: any CredentialProvider
    private let fetchCount: (@Sendable () async -> Int)?
    private let now: @Sendable () -> Date
    private let advance: (@Sendable (Duration) async throws -> Void)?

    /// Creates a check.
    ///
    /// - Parameters:
    ///   - provider: The provider. Each fetch must return a new credential.
    ///   - fetchCount: A closure that returns the number of fetches so far.
    ///   - now: A closure that returns the current time of the provider's clock.
    ///   - advance: A closure that moves the provider's clock forward.
    public init(
        provider: any CredentialProvider,
        fetchCount: (@Sendable () async -> Int)? = nil,
        now: @escaping @Sendable () -> Date = { Date() },
        advance: (@Sendable (Duration) async throws -> Void)? = nil
    ) {
        self.provider = provider
        self.fetchCount = fetchCount
        self.now = now
        self.advance = advance
    }

    /// Runs all checks.
    ///
    /// - Throws: ``Failure``, or the error of the provider.
    public func run() async throws {
        try await self.checkKeeping()
        try await self.checkConcurrentCallers()
        try await self.checkCancelledCallers()
        try await self.checkInvalidation()
        try await self.checkSecrecy()
        try await self.checkRenewal()
    }

    /// Checks that the provider caches a fetched credential.
    ///
    /// - Throws: ``Failure``, or the error of the provider.
    public func checkKeeping() async throws {
        let first = try await self.validCredential()
        let count = await self.fetchCount?()
        for _ in 0..<100 {
            guard try await self.validCredential() == first else {
                throw Failure(description: "a second call returned another credential")
            }
        }
        try await self.expect(0, moreFetchesThan: count, "of 100 calls with a fresh credential")
    }

    /// Checks that concurrent callers share one fetch.
    ///
    /// - Throws: ``Failure``, or the error of the provider.
    public func checkConcurrentCallers() async throws {
        await self.provider.invalidate(try await self.validCredential())
        let count = await self.fetchCount?()
        let credentials = try await withThrowingTaskGroup(of: AlibabaCredential.self) { group in
            for _ in 0..<Self.callers { group.addTask { try await self.validCredential() } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        guard credentials.count == 1 else {
            throw Failure(
                description: "\(Self.callers) concurrent callers got \(credentials.count) different credentials"
            )
        }
        try await self.expect(1, moreFetchesThan: count, "for \(Self.callers) concurrent callers")
    }

    /// Checks that cancelling some callers does not cancel the other callers.
    ///
    /// - Throws: ``Failure``, or the error of the provider.
    public func checkCancelledCallers() async throws {
        await self.provider.invalidate(try await self.validCredential())
        let callers = (0..<Self.callers)
            .map { index in
                (index, Task { try await self.provider.credential() })
            }
        for (index, caller) in callers where index.isMultiple(of: 2) { caller.cancel() }
        for (index, caller) in callers {
            do {
                _ = try await caller.value
            } catch is CancellationError where index.isMultiple(of: 2) {
                continue
            } catch is CancellationError {
                throw Failure(description: "cancelling a caller also cancelled another one")
            }
        }
    }

    /// Checks that the provider drops its current credential when a client invalidates this credential, and keeps it when a
    /// client invalidates a different credential.
    ///
    /// - Throws: ``Failure``, or the error of the provider.
    public func checkInvalidation() async throws {
        let present = try await self.validCredential()
        let count = await self.fetchCount?()
        let other = try AlibabaCredential(accessKeyID: "other", accessKeySecret: "other", securityToken: "other")
        await self.provider.invalidate(other)
        guard try await self.validCredential() == present else {
            throw Failure(description: "invalidating another credential dropped the current one")
        }
        await self.provider.invalidate(present)
        let next = try await self.validCredential()
        guard self.fetchCount == nil || next != present else {
            throw Failure(description: "the provider returned an invalidated credential again")
        }
        try await self.expect(1, moreFetchesThan: count, "after one invalidation")
    }

    /// Checks that the description and the dump of the provider contain no secret of the credential.
    ///
    /// - Throws: ``Failure``, or the error of the provider.
    public func checkSecrecy() async throws {
        let credential = try await self.validCredential()
        var text = "\(self.provider) \(String(reflecting: self.provider)) "
        dump(self.provider, to: &text)
        for secret in [credential.accessKeySecret, credential.securityToken ?? credential.accessKeySecret]
        where text.contains(secret) {
            throw Failure(description: "the description or the dump of the provider contains its secret or its token")
        }
    }

    /// Checks that the provider refreshes a credential before expiry, and never returns an expired credential.
    ///
    /// - Throws: ``Failure``, or the error of the provider.
    public func checkRenewal() async throws {
        guard let advance = self.advance else { return }
        let first = try await self.validCredential()
        guard let end = first.expiration else { return }
        let lifetime = end.timeIntervalSince(self.now())
        try await advance(.seconds(lifetime - 1))
        let deadline = ContinuousClock.now + .seconds(20)
        while try await self.validCredential() == first {
            guard ContinuousClock.now < deadline else {
                throw Failure(description: "there was no new credential one second before the expiry")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        guard let next = try await self.validCredential().expiration else { return }
        try await advance(.seconds(next.timeIntervalSince(self.now()) + 1))
        _ = try await self.validCredential()
    }

    private func validCredential() async throws -> AlibabaCredential {
        let credential = try await self.provider.credential()
        if let end = credential.expiration, end <= self.now() {
            throw Failure(
                description:
                    "the provider returned a credential that had expired \(self.now().timeIntervalSince(end)) s before"
            )
        }
        return credential
    }

    private func expect(_ expected: Int, moreFetchesThan before: Int?, _ what: String) async throws {
        guard let before, let after = await self.fetchCount?() else { return }
        guard after - before == expected else {
            throw Failure(description: "\(after - before) instead of \(expected) fetches \(what)")
        }
    }
}
