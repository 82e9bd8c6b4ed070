import Deadlines
public import FoundationEssentials
import Logging
public import Redaction
import SMSKit
import Synchronization

/// Keeps a credential that has to be fetched, and fetches it again before it ends.
///
/// - However many callers there are, one fetch is under way at most; it is nobody's in particular, so a caller that is
///   cancelled ends alone.
/// - 15 minutes before a credential ends the next one is fetched, while callers go on with the old one; only in its last
///   minute they wait. One that lives for less than half an hour is used for half of its lifetime.
/// - After a failure the old credential is used until it ends. The next try comes after a random pause of 1 to 10
///   seconds; whoever asks in between gets the error of the last try.
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

    /// Creates a provider; nothing is fetched before it is asked.
    ///
    /// - Parameters:
    ///   - timeout: The longest that a fetch may take; one that takes longer is given up as a failure.
    ///   - now: The time by which credentials end.
    ///   - fetch: Fetches a credential. One without an expiration is kept until it is invalidated.
    public init(
        timeout: Duration = .seconds(60),
        now: @escaping @Sendable () -> Date = { Date() },
        fetch: @escaping @Sendable () async throws -> AlibabaCredential
    ) {
        self.timeout = timeout
        self.now = now
        self.fetch = fetch
    }

    /// The credential, fetched if there is none that is fit for use.
    ///
    /// - Throws: Why none could be fetched, or `CancellationError` if the task is cancelled while it waits.
    public func credential() async throws -> AlibabaCredential {
        while true {
            let (answer, mustFetch) = self.state.withLock { $0.refresh.ask(at: self.now()) }
            // Of its own, and so not cancelled with the caller.
            if mustFetch { Task { await self.refresh() } }
            switch await self.settle(answer) {
            case .use(let credential): return credential
            case .fail(let error): throw error
            case .wait: continue
            }
        }
    }

    /// Lets go of a credential that the gateway refused, so that the next call fetches.
    ///
    /// - Parameter credential: The credential; any but the present one is of no account.
    public func invalidate(_ credential: AlibabaCredential) async {
        self.state.withLock { $0.refresh.invalidate(credential) }
    }

    private func settle(_ answer: RefreshState.Response) async -> RefreshState.Response {
        guard case .wait = answer else { return answer }
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
        let response = await promise.wait(ifCancelled: .fail(CancellationError()))
        if let id { _ = self.state.withLock { $0.waiters.removeValue(forKey: id) } }
        return response
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
                pause: .random(in: RefreshState.pause)
            )
            defer { state.waiters = [:] }
            return (state.refresh.outcome(at: now), state.waiters.values)
        }
        Logger.current.debug(
            "Credential fetched",
            metadata: ["credential.outcome": (try? result?.get()) == nil ? "failed" : "fetched"]
        )
        for waiter in waiters { waiter.fulfill(with: outcome) }
    }
}

extension RefreshingCredentialProvider: Redacted {
    /// The kind of the provider, and nothing of what it keeps.
    public var description: String { "RefreshingCredentialProvider" }
}

extension AlibabaSMSError {
    fileprivate static var lateCredential: Self {
        Self(.credentialUnavailable, field: "credentials", message: "the credential could not be fetched in time")
    }
}
