public import AlibabaSMS
public import FoundationEssentials

/// Checks that a provider keeps what ``AlibabaSMS/CredentialProvider`` promises, alone and under concurrency.
///
/// Run it against any provider, your own included:
///
/// ```swift
/// try await CredentialProviderConformance(provider: provider, fetchCount: { server.requestCount }).run()
/// ```
///
/// What is not given is not checked: without a count, how often a provider fetches; without a clock, whether it fetches
/// again before a credential ends.
public struct CredentialProviderConformance: Sendable {
    /// Something that a provider does otherwise.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        /// What was checked, what was expected and what was found; nothing of a credential.
        public let description: String
    }

    /// How many callers ask at once.
    public static let callers = 64

    private let provider: any CredentialProvider
    private let fetchCount: (@Sendable () async -> Int)?
    private let now: @Sendable () -> Date
    private let advance: (@Sendable (Duration) async throws -> Void)?

    /// Creates a check.
    ///
    /// - Parameters:
    ///   - provider: The provider; every credential that it is to fetch has to differ from the ones before.
    ///   - fetchCount: How often the provider has fetched until now.
    ///   - now: The time by which the provider judges whether a credential has ended.
    ///   - advance: Moves that time.
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

    /// Runs every check.
    ///
    /// - Throws: ``Failure``, or what the provider throws.
    public func run() async throws {
        try await self.checkKeeping()
        try await self.checkConcurrentCallers()
        try await self.checkCancelledCallers()
        try await self.checkInvalidation()
        try await self.checkSecrecy()
        try await self.checkRenewal()
    }

    /// What was fetched is kept.
    ///
    /// - Throws: ``Failure``, or what the provider throws.
    public func checkKeeping() async throws {
        let first = try await self.validCredential()
        let count = await self.fetchCount?()
        for _ in 0..<100 {
            guard try await self.validCredential() == first else {
                throw Failure("a second call gave another credential")
            }
        }
        try await self.expect(0, moreFetchesThan: count, "of 100 calls with a fresh credential")
    }

    /// Callers who need a new credential at the same time share one fetch.
    ///
    /// - Throws: ``Failure``, or what the provider throws.
    public func checkConcurrentCallers() async throws {
        await self.provider.invalidate(try await self.validCredential())
        let count = await self.fetchCount?()
        let credentials = try await withThrowingTaskGroup(of: AlibabaCredential.self) { group in
            for _ in 0..<Self.callers { group.addTask { try await self.validCredential() } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        guard credentials.count == 1 else {
            throw Failure("\(Self.callers) concurrent callers got \(credentials.count) different credentials")
        }
        try await self.expect(1, moreFetchesThan: count, "for \(Self.callers) concurrent callers")
    }

    /// A caller who is cancelled takes nobody with it, and ends.
    ///
    /// - Throws: ``Failure``, or what the provider throws.
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
                throw Failure("a caller was cancelled with another one")
            }
        }
    }

    /// The credential that the gateway refused is let go of, and no other.
    ///
    /// - Throws: ``Failure``, or what the provider throws.
    public func checkInvalidation() async throws {
        let present = try await self.validCredential()
        let count = await self.fetchCount?()
        let other = try AlibabaCredential(accessKeyID: "other", accessKeySecret: "other", securityToken: "other")
        await self.provider.invalidate(other)
        guard try await self.validCredential() == present else {
            throw Failure("a credential was let go of because another one was refused")
        }
        await self.provider.invalidate(present)
        let next = try await self.validCredential()
        guard self.fetchCount == nil || next != present else {
            throw Failure("a credential that the gateway refused was given out again")
        }
        try await self.expect(1, moreFetchesThan: count, "after one refusal")
    }

    /// A provider prints and dumps nothing of its credential.
    ///
    /// - Throws: ``Failure``, or what the provider throws.
    public func checkSecrecy() async throws {
        let credential = try await self.validCredential()
        var text = "\(self.provider) \(String(reflecting: self.provider)) "
        dump(self.provider, to: &text)
        for secret in [credential.accessKeySecret, credential.securityToken ?? credential.accessKeySecret]
        where text.contains(secret) {
            throw Failure("the description or the dump of the provider shows its secret or its token")
        }
    }

    /// A credential is fetched again before it ends, and one that has ended is never given out.
    ///
    /// - Throws: ``Failure``, or what the provider throws.
    public func checkRenewal() async throws {
        guard let advance = self.advance else { return }
        let first = try await self.validCredential()
        guard let end = first.expiration else { return }
        let lifetime = end.timeIntervalSince(self.now())
        try await advance(.seconds(lifetime - 1))
        let deadline = ContinuousClock.now + .seconds(20)
        while try await self.validCredential() == first {
            guard ContinuousClock.now < deadline else {
                throw Failure("a second before its end there was no new credential")
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
            throw Failure("a credential was given out that had ended \(self.now().timeIntervalSince(end)) s before")
        }
        return credential
    }

    private func expect(_ expected: Int, moreFetchesThan before: Int?, _ what: String) async throws {
        guard let before, let after = await self.fetchCount?() else { return }
        guard after - before == expected else {
            throw Failure("\(after - before) instead of \(expected) fetches \(what)")
        }
    }
}

extension CredentialProviderConformance.Failure {
    fileprivate init(_ description: String) {
        self.description = description
    }
}
