// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SeededRandom
import SendGuard

/// Users who request a code, most of whom type it.
package struct HonestLoad: Sendable {
    /// The number of users, each with one request.
    package var users: Int

    /// The seconds over which the users arrive, at random times.
    package var duration: Int

    /// The time at which the first users arrive; negative for the history before a simulation.
    package var start = 0

    /// The range of the users' phone numbers.
    package var numbers: NumberRange

    /// The share of users who type the code.
    package var conversion = 0.75

    /// The share of users who type a wrong code first.
    package var typingErrors = 0.15

    /// The mean number of seconds from the message to the right code.
    ///
    /// Each delay is random, and less than twice the mean.
    package var meanDelay = 60

    /// The number of users behind one address; the others have addresses of their own.
    package var usersOfOneAddress = 0

    /// Creates a load.
    ///
    /// - Parameters:
    ///   - users: The number of users.
    ///   - duration: The seconds over which they arrive.
    ///   - numbers: The range of the users' phone numbers.
    package init(users: Int, duration: Int, numbers: NumberRange) {
        self.users = users
        self.duration = duration
        self.numbers = numbers
    }

    /// The sends of the load; equal seeds yield equal sends.
    package func sends(seed: UInt64) -> [SimulatedSend] {
        var random = SplitMix64(seed: seed)
        return (0..<self.users)
            .compactMap { user in
                let text = self.numbers.random(using: &random)
                let own = UInt32.random(in: .min ... .max, using: &random)
                guard let source = SourceAddress(ipv4: user < self.usersOfOneAddress ? 0xCB00_7101 : own) else {
                    return nil
                }
                let time = self.start + Int.random(in: 0..<self.duration, using: &random)
                var send = SimulatedSend(time: time, to: text, from: source, isAttack: false)
                let delay = 5 + Int.random(in: 0...2 * max(0, self.meanDelay - 5), using: &random)
                send.isVerified = Double.random(in: 0..<1, using: &random) < self.conversion
                if send.isVerified { send.answeredAfter = delay }
                if Double.random(in: 0..<1, using: &random) < self.typingErrors { send.wrongCodes = 1 }
                return send
            }
    }
}
