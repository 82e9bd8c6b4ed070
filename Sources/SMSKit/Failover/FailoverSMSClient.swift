// SPDX-License-Identifier: Apache-2.0

import Deadlines
import Synchronization

/// An SMS client that tries several providers in order, and never sends a message twice.
///
/// ```swift
/// let sms = FailoverSMSClient([.init("alibaba", alibaba), .init("acme", acme)])
/// ```
///
/// If a provider rejects a message for a reason such as an empty balance, the client tries the next provider. After an
/// unknown outcome, the call ends, because the message may still arrive. The timeout of a call covers all providers together.
///
/// Each provider has one circuit breaker per region. After several consecutive failures in a region, the client skips the
/// provider in this region for some time. A single message then probes the provider. If the probe succeeds, the client uses the
/// provider again. If every provider is skipped, the client rejects the message.
public final class FailoverSMSClient: SMSClient {
    /// The kinds of rejection after which the next provider is tried by default.
    ///
    /// The kinds `number` and `caller` are not included, because another provider would probably also reject the message.
    public static let curableKinds: Set<SMSError.Kind> = [
        .auth, .balance, .content, .throttled, .limit, .account, .transient, .unknown,
    ]

    /// The kinds of rejection that count as a failure of the provider.
    private static let faultKinds: Set<SMSError.Kind> = [
        .auth, .balance, .throttled, .account, .transient,
    ]

    private struct Circuit: Hashable {
        var provider: Int
        var region: Region?
    }

    private let providers: [Provider]
    private let settings: Settings
    private let curableKinds: Set<SMSError.Kind>
    private let observe: @Sendable (Attempt) -> Void
    private let now: @Sendable () -> Duration
    private let breakers = Mutex<[Circuit: CircuitBreaker]>([:])

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - providers: The providers in order of preference.
    ///   - settings: The limits of the circuit breakers.
    ///   - curableKinds: The kinds of rejection after which the next provider is tried.
    ///   - clock: The clock for deadlines and circuit breakers.
    ///   - observe: A closure that is called after each attempt, for logs and metrics. The closure must not block.
    public init<C: Clock>(
        _ providers: [Provider],
        settings: Settings = Settings(),
        curableKinds: Set<SMSError.Kind> = FailoverSMSClient.curableKinds,
        clock: C = ContinuousClock(),
        observe: @escaping @Sendable (Attempt) -> Void = { _ in }
    ) where C.Duration == Duration {
        let origin = clock.now
        self.providers = providers
        self.settings = settings
        self.curableKinds = curableKinds
        self.observe = observe
        self.now = { origin.duration(to: clock.now) }
    }

    /// Sends one message with the first available provider, or with a later provider after a rejection.
    ///
    /// - Parameters:
    ///   - message: The message to send.
    ///   - timeout: The maximum time for all providers together.
    /// - Returns: The outcome of the last attempt, or a rejection if no provider was available.
    public func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
        let deadline = self.now() + timeout
        var rejection: SMSError?
        for (index, provider) in self.providers.enumerated()
        where provider.client.canSend(to: message.recipient) {
            let remaining = deadline - self.now()
            // With too little time, a call to the next provider would probably time out with an unknown outcome.
            if rejection != nil, remaining < self.settings.minimumTime || Task.isCancelled { break }
            let circuit = Circuit(provider: index, region: message.recipient.region)
            guard self.admits(circuit) else { continue }
            let outcome = await provider.client.send(message, timeout: remaining)
            self.record(outcome, circuit)
            self.observe(Attempt(provider: provider.name, region: circuit.region, outcome: outcome))
            guard case .rejected(let error) = outcome, self.curableKinds.contains(error.kind) else {
                return outcome
            }
            rejection = error
        }
        return .rejected(rejection ?? self.noProvider(for: message.recipient))
    }

    /// Returns whether at least one provider can send to a number.
    public func canSend(to number: PhoneNumber) -> Bool {
        self.providers.contains { $0.client.canSend(to: number) }
    }

    private func admits(_ circuit: Circuit) -> Bool {
        self.breakers.withLock { breakers in
            // A circuit breaker without failures has no entry.
            guard var breaker = breakers[circuit] else { return true }
            let isAdmitted = breaker.admits(at: self.now())
            breakers[circuit] = breaker
            return isAdmitted
        }
    }

    private func record(_ outcome: SMSSendOutcome, _ circuit: Circuit) {
        let isSuccess: Bool? =
            switch outcome {
            case .accepted: true
            case .rejected(let error): !Self.faultKinds.contains(error.kind)
            // If the caller cancelled the call, the outcome says nothing about the provider.
            case .unknown: Task.isCancelled ? nil : false
            }
        self.breakers.withLock { breakers in
            guard let isSuccess else {
                breakers[circuit]?.abandon(at: self.now())
                return
            }
            if isSuccess {
                breakers[circuit] = nil
            } else {
                let closed = CircuitBreaker(
                    failuresToOpen: max(1, self.settings.failuresToOpen),
                    openInterval: self.settings.openInterval
                )
                breakers[circuit, default: closed].record(isSuccess: false, at: self.now())
            }
        }
    }

    /// Returns the error for a message that no provider received.
    private func noProvider(for number: PhoneNumber) -> SMSError {
        guard self.canSend(to: number) else {
            return SMSError(
                code: "noProvider",
                kind: .number,
                message: "no provider sends to this number"
            )
        }
        let probes = self.breakers.withLock { breakers in
            self.providers.indices.compactMap {
                breakers[Circuit(provider: $0, region: number.region)]?.nextProbe
            }
        }
        let wait = probes.min().map { max(.zero, $0 - self.now()) }
        let message = "every provider of this region failed a short time ago"
        return SMSError(code: "noProvider", kind: .transient, message: message, retryAfter: wait)
    }
}
