// SPDX-License-Identifier: Apache-2.0

import Deadlines
import Logging
public import Redaction
import SMSKit
import Synchronization

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A provider that caches a fetched credential, and refreshes the credential before it expires.
///
/// - At most one fetch is in progress, regardless of the number of callers. Cancelling a caller does not cancel the fetch.
/// - A new credential is fetched 15 minutes before the current credential expires. Callers wait for this fetch only in the
///   last minute before the expiry. A credential with a lifetime of less than 30 minutes is refreshed after half of its
///   lifetime.
/// - After a failed fetch, the next fetch starts after a random back-off of 1 to 10 seconds. The current credential is used
///   until it expires. If no fetch has succeeded by then, callers receive the error of the last fetch.
public final class RefreshingCredentialProvider: CredentialProvider {
    private struct State {
        var refresh = RefreshState()
        var waiters: [Int: Promise<RefreshState.Response>] = [:]
        var lastWaiter = 0
    }

    private let state = Mutex(State())
    private let timeout: Duration
    private let now: @Sendable () -> Date
    private let fetch: @Sendable () async throws -> AlibabaCredential

    /// Creates a provider.
    ///
    /// The first call of ``credential()`` fetches a credential.
    ///
    /// - Parameters:
    ///   - timeout: The timeout of a fetch.
    ///   - now: A closure that returns the current time, which determines expiry.
    ///   - fetch: A closure that fetches a credential. A credential without an expiration is cached until it is invalidated.
    public init(
        timeout: Duration = .seconds(60),
        now: @escaping @Sendable () -> Date = { Date() },
        fetch: @escaping @Sendable () async throws -> AlibabaCredential
    ) {
        self.timeout = timeout
        self.now = now
        self.fetch = fetch
    }

    /// Returns the cached credential, or fetches a new credential.
    ///
    /// - Throws: The error of the fetch, or `CancellationError` if the task is cancelled during the wait for a fetch.
    public func credential() async throws -> AlibabaCredential {
        while true {
            let (response, mustFetch) = self.state.withLock { $0.refresh.request(at: self.now()) }
            // The fetch runs in an unstructured task, so cancelling the caller does not cancel the fetch.
            if mustFetch { Task { await self.refresh() } }
            switch await self.settled(response) {
            case .use(let credential): return credential
            case .fail(let error): throw error
            case .wait: continue
            }
        }
    }

    /// Drops a credential that the gateway rejected.
    ///
    /// The next call of ``credential()`` fetches a new credential.
    ///
    /// - Parameter credential: The rejected credential. A credential other than the cached credential is ignored.
    public func invalidate(_ credential: AlibabaCredential) async {
        self.state.withLock { $0.refresh.invalidate(credential) }
    }

    /// Waits for the fetch in progress if the response is `wait`, and returns the outcome of the fetch.
    ///
    /// Any other response is returned unchanged.
    private func settled(_ response: RefreshState.Response) async -> RefreshState.Response {
        guard case .wait = response else { return response }
        let promise = Promise<RefreshState.Response>()
        let id = self.state.withLock { state -> Int? in
            guard state.refresh.isRefreshing else {
                promise.fulfill(with: state.refresh.outcome(at: self.now()))
                return nil
            }
            state.lastWaiter += 1
            state.waiters[state.lastWaiter] = promise
            return state.lastWaiter
        }
        let settled = await promise.wait(ifCancelled: .fail(CancellationError()))
        if let id { _ = self.state.withLock { $0.waiters.removeValue(forKey: id) } }
        return settled
    }

    private func refresh() async {
        let result = await withDeadline(self.timeout) { () -> Result<AlibabaCredential, any Error> in
            do {
                return .success(try await self.fetch())
            } catch {
                return .failure(error)
            }
        }
        let (outcome, waiters) = self.state.withLock { state in
            let now = self.now()
            state.refresh.finish(
                result ?? .failure(AlibabaSMSError.lateCredential),
                at: now,
                backOff: .random(in: RefreshState.backOff)
            )
            defer { state.waiters = [:] }
            return (state.refresh.outcome(at: now), state.waiters.values)
        }
        Self.log(result)
        for waiter in waiters { waiter.fulfill(with: outcome) }
    }
}

extension RefreshingCredentialProvider {
    /// Logs the result of a fetch.
    ///
    /// A failure is logged as a warning, because callers notice it only after the current credential has expired.
    private static func log(_ result: Result<AlibabaCredential, any Error>?) {
        switch result {
        case .success:
            Logger.current.debug("Credential fetched")
        case .failure(let error as AlibabaSMSError):
            Logger.current.warning("Credential could not be fetched", metadata: ["credential.error": "\(error)"])
        case .failure(let error):
            // Errors from a closure outside this package may contain secrets.
            let name = "\(type(of: error))"
            Logger.current.warning("Credential could not be fetched", metadata: ["credential.error": "\(name)"])
        case nil:
            let error = AlibabaSMSError.lateCredential
            Logger.current.warning("Credential could not be fetched", metadata: ["credential.error": "\(error)"])
        }
    }
}

extension RefreshingCredentialProvider: Redacted {
    /// The name of the type, without the cached credential.
    public var description: String { "RefreshingCredentialProvider" }
}

extension AlibabaSMSError {
    fileprivate static var lateCredential: Self {
        Self(.credentialUnavailable, field: "credentials", message: "the credential could not be fetched in time")
    }
}
