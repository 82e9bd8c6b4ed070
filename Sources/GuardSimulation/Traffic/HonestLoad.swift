// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SeededRandom
import SendGuard

/// The requests of honest users.
///
/// Most of these users type the right code.
package struct HonestLoad: Sendable {
    /// The number of users, each with one request.
    package var users: Int

    /// The duration of the arrivals in seconds.
    ///
    /// The users arrive at random times.
    package var duration: Int

    /// The start of the arrivals, in seconds since the start of the simulation; negative for a time before the simulation.
    package var start = 0

    /// The range of the users' phone numbers.
    package var numbers: NumberRange

    /// The share of users who type the right code.
    package var conversion = 0.75

    /// Among the users who type the right code, the share who first type a wrong code.
    package var typingErrors = 0.15

    /// The mean number of seconds from the message to the right code.
    ///
    /// Each delay is random, and less than twice the mean.
    package var meanDelay = 60

    /// The number of users that share a single address.
    ///
    /// All remaining users have different addresses.
    package var usersOfOneAddress = 0

    /// Creates a load.
    package init(users: Int, duration: Int, numbers: NumberRange) {
        self.users = users
        self.duration = duration
        self.numbers = numbers
    }

    /// Returns the sends of the users.
    ///
    /// Equal seeds yield equal sends.
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
