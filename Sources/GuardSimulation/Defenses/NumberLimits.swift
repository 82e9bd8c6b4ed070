// SPDX-License-Identifier: Apache-2.0

import OTP
import SendGuard

/// Applies the limits of each phone number, like the store of a real service.
struct NumberLimits {
    private let limits: StoreLimits
    private var states: [String: PhoneNumberState] = [:]
    private var count: UInt64 = 0

    init(_ limits: StoreLimits = StoreLimits()) {
        self.limits = limits
    }

    /// Counts a send; returns the reason if a limit refuses the send.
    mutating func issue(to number: String, at time: Int) -> Refusal? {
        self.count += 1
        let decision = self.states[number, default: PhoneNumberState()]
            .issue(.numbered(self.count), code: .of(0), limits: self.limits, at: .simulated(time))
        guard case .refused(let refusal, _) = decision else { return nil }
        return refusal
    }

    /// Resets the cooldown and the count of consecutive failed attempts of a phone number, because a code was verified.
    mutating func succeed(_ number: String) { self.states[number]?.succeed() }
}

/// A baseline with only the limits of each phone number.
struct NumberLimitDefense: Defense {
    private var numbers = NumberLimits()

    mutating func decide(_ send: SimulatedSend, isChecked: Bool) -> Verdict {
        self.numbers.issue(to: send.text, at: send.time).map { .refuse(rule: "\($0.limit)") } ?? .allow
    }

    mutating func record(_ answer: Answer, of send: SimulatedSend, at time: Int) {
        if answer == .verified { self.numbers.succeed(send.text) }
    }
}

extension StoreTime {
    /// Converts seconds since the start of a simulation to the store's time.
    static func simulated(_ seconds: Int) -> Self {
        Self(milliseconds: Int64(Simulation.start.seconds + seconds) * 1_000)
    }
}

extension ChallengeReference {
    /// Returns the reference of a simulated challenge with a given serial number.
    static func numbered(_ number: UInt64) -> Self {
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        return Self(id: ChallengeID(bytes: bytes + bytes), check: bytes + bytes)
    }
}

extension ProtectedCode {
    private static let keyID = "simulation"

    /// Returns the stored form of a simulated code.
    static func of(_ code: Int) -> Self {
        Self(keyID: Self.keyID, authenticator: Self.bytes(code), sealed: [])
    }

    /// Returns an attempt with a simulated code.
    static func attempt(_ code: Int) -> Attempt {
        Attempt(candidates: [Attempt.Candidate(keyID: Self.keyID, authenticator: Self.bytes(code))])
    }

    private static func bytes(_ code: Int) -> [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: $0 < 8 ? code >> (8 * $0) : 0) }
    }
}
