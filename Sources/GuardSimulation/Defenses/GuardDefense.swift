// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
package import SendGuard
import Synchronization

/// The defense of swift-otp with a guard.
///
/// A send must pass three checks in this order. First, the phone number must be of a permitted kind, such as mobile. Second,
/// the guard must admit the send. Third, the limits of the phone number must admit the send.
struct GuardDefense: Defense {
    private final class VirtualClock: Sendable {
        let time = Mutex(Simulation.start)
    }

    private let clock: VirtualClock
    private let sendGuard: SMSGuard
    private var numbers = NumberLimits()

    init(_ policy: GuardPolicy) throws(GuardConfigurationError) {
        let clock = VirtualClock()
        self.clock = clock
        let ledger = InMemorySendLedger { clock.time.withLock { $0 } }
        self.sendGuard = try SMSGuard(policy: policy, ledger: ledger, hash: .forSimulations, reportInterval: nil)
    }

    mutating func decide(_ send: SimulatedSend, isChecked: Bool) async throws -> Verdict {
        guard let number = send.number, OTPPolicy(destinations: []).kinds.contains(number.kind) else {
            return .refuse(rule: "destination")
        }
        self.clock.time.withLock { $0 = Simulation.start + send.time }
        let signals: SendSignals = isChecked ? .humanCheckPassed : []
        let decision = try await self.sendGuard.reserve(Self.request(number, send, signals))
        guard let reservation = decision.reservation else {
            let rule = decision.reason.map { "\($0.rule)" } ?? ""
            return decision.outcome == .challenge ? .challenge(rule: rule) : .refuse(rule: rule)
        }
        if let refusal = self.numbers.issue(to: send.text, at: send.time) {
            try await self.sendGuard.release(reservation)
            return .refuse(rule: "\(refusal.limit)")
        }
        return .allow
    }

    mutating func record(_ answer: Answer, of send: SimulatedSend, at time: Int) async throws {
        guard let number = send.number else { return }
        self.clock.time.withLock { $0 = Simulation.start + time }
        if answer == .verified { self.numbers.succeed(send.text) }
        let kind: SendOutcome.Kind = answer == .verified ? .verified : .failed
        try await self.sendGuard.record([self.sendGuard.outcome(kind, of: Self.request(number, send))])
    }

    private static func request(
        _ number: PhoneNumber,
        _ send: SimulatedSend,
        _ signals: SendSignals = []
    ) -> SendRequest {
        SendRequest(
            number: number,
            tenant: "simulation",
            purpose: "registration",
            source: send.source,
            signals: signals
        )
    }
}

extension ScopeHash {
    /// A fast hash without a key.
    package static let forSimulations = ScopeHash { bytes in
        // The hash consists of two 64-bit FNV-1a hashes with different offsets.
        func hash(_ offset: UInt64) -> UInt64 {
            bytes.reduce(offset) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        }
        let halves = [hash(0xCBF2_9CE4_8422_2325), hash(0x9AE1_6A3B_2F90_404F)]
        return halves.flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (8 * $0)) } }
    }
}
