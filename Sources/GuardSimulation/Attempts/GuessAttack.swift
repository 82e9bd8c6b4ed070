// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
import SeededRandom

/// A simulated attack that requests and guesses codes for one phone number, as often as the limits allow.
struct GuessAttack {
    /// The strategy by which the attacker types codes.
    enum Strategy {
        /// The attacker types codes as soon as possible.
        case immediate
        /// The attacker collects several live (unexpired) codes before the first attempt.
        ///
        /// During a lockout, which follows too many failed attempts, each live code still allows one attempt.
        case collecting
        /// The attacker only requests codes.
        ///
        /// The attacker types no codes, because wrong codes would lock the number. A locked number gets no more messages.
        case requesting
    }

    var limits = OTPLimits()

    /// The number of possible codes.
    var codes = 1_000_000

    var duration = 86_400

    var strategy = Strategy.immediate

    /// The number of seconds between two sign-ins of the owner of the phone number; `nil` if the owner never signs in.
    ///
    /// Each sign-in resets the cooldown, the minimum time between two messages.
    var ownerSignsInEvery: Int?

    /// The published rules of Authgear, another authentication service; `nil` if these rules do not apply.
    var authgear: AuthgearRules?

    /// The number of addresses from which the attacker sends requests; `nil` if each request comes from a new address.
    var addresses: Int?

    /// The result of an attack.
    struct Result {
        /// For each code, the number of attempts.
        var attemptsOfCodes: [Int] = []
        /// Whether an attempt matched a code.
        var isSuccessful = false

        /// The total number of attempts for all codes.
        var attempts: Int { self.attemptsOfCodes.reduce(0, +) }

        /// Returns the probability that at least one attempt is right, if there are `codes` possible codes.
        func probability(of codes: Int) -> Double {
            1 - self.attemptsOfCodes.reduce(1.0) { $0 * (1 - Double($1) / Double(codes)) }
        }
    }

    /// Runs the attack.
    ///
    /// - Parameter draw: A closure that returns the code of a message. The attacker types the codes 0, 1, 2 and so on.
    /// - Returns: The result.
    /// - Throws: An error for invalid limits.
    func run(drawing draw: () -> Int) throws -> Result {
        var run = GuessRun(self, try StoreLimits(self.limits))
        while run.time < self.duration, !run.result.isSuccessful {
            guard let wait = run.act(drawing: draw) else { break }
            run.time += max(1, wait)
        }
        return run.finished()
    }

    /// Runs the attack with random codes.
    func run(seed: UInt64) throws -> Result {
        var random = SplitMix64(seed: seed)
        return try self.run { Int.random(in: 0..<self.codes, using: &random) }
    }

    /// Runs the attack against codes that no attempt can match, to count the attempts.
    func runWithoutSuccess() throws -> Result { try self.run { -1 } }
}
