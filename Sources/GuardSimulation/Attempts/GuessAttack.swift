// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
import SeededRandom

/// An attacker who requests codes for one number and types wrong ones, as often as the limits allow.
struct GuessAttack {
    /// The order in which the attacker spends the attempts.
    enum Strategy {
        /// Types codes as soon as possible.
        case immediate
        /// Collects several live codes before the first attempt, because a lockout still allows the first attempt for each live
        /// code.
        case collecting
        /// Types no codes, because a lockout would end the messages as well.
        case requesting
    }

    var limits = OTPLimits()

    /// The number of different codes.
    var codes = 1_000_000

    var duration = 86_400

    var strategy = Strategy.immediate

    /// The seconds between two sign-ins of the owner; `nil` if the owner never signs in.
    ///
    /// Each sign-in resets the cooldown.
    var ownerSignsInEvery: Int?

    /// The published rules of Authgear, if they limit the messages as well.
    var authgear: AuthgearRules?

    /// The number of addresses of the attacker; `nil` for a new address with each request.
    var addresses: Int?

    /// The result of an attack.
    struct Result {
        /// The number of attempts that were compared with each code.
        var attemptsOfCodes: [Int] = []
        /// Whether an attempt was right.
        var isSuccessful = false

        /// The number of attempts that were compared.
        var attempts: Int { self.attemptsOfCodes.reduce(0, +) }

        /// The probability that at least one attempt is right.
        ///
        /// The result is exact, because all attempts for one code differ from each other.
        func probability(of codes: Int) -> Double {
            1 - self.attemptsOfCodes.reduce(1.0) { $0 * (1 - Double($1) / Double(codes)) }
        }
    }

    /// Runs the attack.
    ///
    /// - Parameter draw: A closure that returns the code of a message. The attempts for a message type the codes 0, 1, 2 and so
    ///   on.
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

    /// Runs the attack against codes that no attempt matches, to count the attempts.
    func runWithoutSuccess() throws -> Result { try self.run { -1 } }
}
