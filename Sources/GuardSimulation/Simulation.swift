// SPDX-License-Identifier: Apache-2.0

import SMSKit
package import SendGuard
import Synchronization

/// Runs sends through a guard on a virtual clock: days take seconds, and equal sends have equal results.
package struct Simulation: Sendable {
    /// The time at which every simulation starts: the beginning of a day in UTC.
    package static let start = LedgerTime(seconds: 20_000 * LedgerTime.secondsPerDay)

    private let policy: GuardPolicy

    /// Creates a simulation.
    ///
    /// - Parameter policy: The rules.
    package init(policy: GuardPolicy) {
        self.policy = policy
    }

    /// Runs sends in the order of their times.
    ///
    /// A challenged user passes the human check and asks again; an attacker does not.
    ///
    /// - Parameter sends: The sends, in any order.
    /// - Returns: The counts.
    /// - Throws: ``GuardConfigurationError`` for a policy that cannot be used.
    package func run(_ sends: [SimulatedSend]) async throws -> SimulationResult {
        let clock = Mutex(Self.start)
        let ledger = InMemorySendLedger { clock.withLock { $0 } }
        let sendGuard = try SMSGuard(policy: self.policy, ledger: ledger, hash: .forSimulations, reportInterval: nil)
        var outcomes = TimedQueue<SendOutcome>()
        var result = SimulationResult()
        for send in sends.sorted(by: { $0.time < $1.time }) {
            while let (time, outcome) = outcomes.next(until: send.time) {
                clock.withLock { $0 = Self.start + time }
                try await sendGuard.record([outcome])
            }
            clock.withLock { $0 = Self.start + send.time }
            var request = send.request
            var decision = try await sendGuard.reserve(request)
            if decision.outcome == .challenge, !send.isAttack {
                result.challengedUsers += 1
                request.signals = .humanCheckPassed
                decision = try await sendGuard.reserve(request)
            }
            result.count(decision, of: send)
            guard decision.outcome == .allow, let delay = send.verifiedAfter else { continue }
            let failed = sendGuard.outcome(.failed, of: request)
            for _ in 0..<send.typingErrors { outcomes.insert(failed, at: send.time + delay) }
            outcomes.insert(sendGuard.outcome(.verified, of: request), at: send.time + delay)
        }
        return result
    }
}

extension SimulatedSend {
    fileprivate var request: SendRequest {
        SendRequest(number: self.number, tenant: "simulation", purpose: "registration", source: self.source)
    }
}

extension ScopeHash {
    /// A fast hash without a key, for a ledger that ends with the simulation.
    package static let forSimulations = ScopeHash { bytes in
        // FNV-1a over the bytes, from two offsets.
        func hash(_ offset: UInt64) -> UInt64 {
            bytes.reduce(offset) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        }
        let halves = [hash(0xCBF2_9CE4_8422_2325), hash(0x9AE1_6A3B_2F90_404F)]
        return halves.flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (8 * $0)) } }
    }
}
