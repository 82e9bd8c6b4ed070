// SPDX-License-Identifier: Apache-2.0

import Deadlines
import Synchronization

/// Runs a human check, such as a captcha, with a timeout, and accepts each response once.
///
/// A response is the text that the client receives from the check's provider after the user has solved the check.
///
/// ```swift
/// let verifier = HumanCheckVerifier(check, hash: hash)
/// if case .passed = await verifier.verify(response, of: request) { request.signals.insert(.humanCheckPassed) }
/// ```
///
/// If the provider fails, the human check counts as not passed. A response that has passed once is refused afterwards, even if
/// the provider confirms it again. The verifier keeps a fingerprint (a keyed hash) of each used response in memory until the
/// response expires. If this memory is full, further responses are refused.
///
/// If a service has several processes, pass their shared ledger to ``verify(_:of:in:)``, so that only one process accepts each
/// response.
public final class HumanCheckVerifier: Sendable {
    /// The time for which a ledger remembers a used response after the expiry of the response.
    ///
    /// If the provider's clock is behind, the provider accepts the response for a longer time.
    private static let margin = Duration.seconds(60)

    /// The maximum length of a response in bytes.
    ///
    /// Responses of known providers have at most about 3,000 bytes.
    public static let maximumResponseLength = 8_192

    private let check: any HumanCheck
    private let hash: ScopeHash
    private let timeout: Duration
    private let timers: Timers
    private let now: @Sendable () -> Duration
    private let used: Mutex<UsedResponses>

    /// Creates a verifier.
    ///
    /// - Parameters:
    ///   - check: The human check.
    ///   - hash: The keyed hash that computes the fingerprints of responses.
    ///   - timeout: The longest time that one verification may take; by default 5 seconds.
    ///   - capacity: The maximum number of fingerprints in memory, about 100 bytes each. The default of 100,000 is enough for
    ///     166 users per second if responses expire after 10 minutes.
    public convenience init(
        _ check: any HumanCheck,
        hash: ScopeHash,
        timeout: Duration = .seconds(5),
        capacity: Int = 100_000
    ) {
        self.init(check, hash: hash, timeout: timeout, capacity: capacity, clock: ContinuousClock())
    }

    /// Creates a verifier with a given clock.
    package init<C: Clock>(
        _ check: any HumanCheck,
        hash: ScopeHash,
        timeout: Duration = .seconds(5),
        capacity: Int = 100_000,
        clock: C
    ) where C.Duration == Duration {
        let origin = clock.now
        self.check = check
        self.hash = hash
        self.timeout = timeout
        self.timers = Timers(clock: clock)
        self.now = { origin.duration(to: clock.now) }
        self.used = Mutex(UsedResponses(capacity: max(1, capacity)))
    }

    /// Verifies a response.
    ///
    /// - Parameters:
    ///   - response: The text that the client sent.
    ///   - request: The message that the client asks for.
    ///   - ledger: The ledger that all processes of the service share; `nil` if the service has only one process.
    /// - Returns: ``HumanCheckResult/passed``, or the failure. After ``HumanCheckFailure/timeout``,
    ///   ``HumanCheckFailure/unavailable`` or ``HumanCheckFailure/overloaded``, the client may present the same response again.
    ///   If the ledger throws an error, the failure is ``HumanCheckFailure/unavailable``.
    public func verify(
        _ response: String,
        of request: SendRequest,
        in ledger: (any ResponseLedger)? = nil
    ) async -> HumanCheckResult {
        guard Self.isPlausible(response) else { return .failed(.malformed) }
        let fingerprint = self.hash.fingerprint(of: response)
        if let failure = self.used.withLock({ $0.claim(fingerprint, at: self.now()) }) { return .failed(failure) }
        var result = await self.result(of: response, request)
        if case .passed = result, let ledger { result = await self.claim(fingerprint, in: ledger) }
        let lifetime = self.check.responseLifetime
        self.used.withLock { used in
            switch result {
            // Another process used the response.
            case .passed, .failed(.replayed): used.keep(fingerprint, until: self.now() + lifetime)
            case .failed: used.release(fingerprint)
            }
        }
        return result
    }

    /// Marks a confirmed response as used in all processes.
    ///
    /// Unconfirmed responses are not stored in the ledger. If the ledger throws an error, the response is not accepted.
    private func claim(_ fingerprint: [UInt8], in ledger: any ResponseLedger) async -> HumanCheckResult {
        do {
            let lifetime = self.check.responseLifetime + Self.margin
            return try await ledger.claimResponse(fingerprint, for: lifetime) ? .passed : .failed(.replayed)
        } catch {
            return .failed(.unavailable)
        }
    }

    /// Asks the provider to verify a response, and waits no longer than the timeout.
    private func result(of response: String, _ request: SendRequest) async -> HumanCheckResult {
        let check = self.check
        let result = await withDeadline(self.timeout, on: self.timers) { () -> HumanCheckResult in
            do {
                return try await check.verify(response, of: request)
            } catch {
                return .failed(.unavailable)
            }
        }
        return result ?? .failed(.timeout)
    }

    /// Returns whether the length and the characters of a response are valid.
    private static func isPlausible(_ response: String) -> Bool {
        (1...self.maximumResponseLength).contains(response.utf8.count)
            && response.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
