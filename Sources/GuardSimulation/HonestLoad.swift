// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SeededRandom
import SendGuard

/// Users who ask for a code, and mostly type it.
package struct HonestLoad: Sendable {
    /// The number of users; each asks once.
    package var users: Int

    /// The seconds over which the users arrive, at random times.
    package var duration: Int

    /// The first digits of the numbers, in E.164 form with a plus sign.
    package var prefix: String

    /// The number of digits after the prefix.
    package var digits: Int

    /// The share of users who type the code.
    package var conversion = 0.75

    /// The share of users who type a wrong code first.
    package var typingErrors = 0.15

    /// The seconds from the message to the right code: at random up to twice this mean.
    package var meanDelay = 60

    /// The number of users behind one address; the others have addresses of their own.
    package var usersOfOneAddress = 0

    /// Creates a load.
    ///
    /// - Parameters:
    ///   - users: The number of users.
    ///   - duration: The seconds over which they arrive.
    ///   - prefix: The first digits of the numbers, in E.164 form with a plus sign.
    ///   - digits: The number of digits after the prefix.
    package init(users: Int, duration: Int, prefix: String, digits: Int) {
        self.users = users
        self.duration = duration
        self.prefix = prefix
        self.digits = digits
    }

    /// The sends of the load; equal seeds yield equal sends.
    package func sends(seed: UInt64) -> [SimulatedSend] {
        var random = SplitMix64(seed: seed)
        let range = (0..<self.digits).reduce(1) { product, _ in product * 10 }
        return (0..<self.users)
            .compactMap { user in
                let digits = String(Int.random(in: 0..<range, using: &random) + range).dropFirst()
                let own = UInt32.random(in: .min ... .max, using: &random)
                guard let number = PhoneNumber(e164: self.prefix + digits),
                    let source = SourceAddress(ipv4: user < self.usersOfOneAddress ? 0xCB00_7101 : own)
                else { return nil }
                var send = SimulatedSend(
                    time: Int.random(in: 0..<self.duration, using: &random),
                    number: number,
                    source: source,
                    isAttack: false
                )
                let delay = 5 + Int.random(in: 0...2 * max(0, self.meanDelay - 5), using: &random)
                if Double.random(in: 0..<1, using: &random) < self.conversion { send.verifiedAfter = delay }
                if Double.random(in: 0..<1, using: &random) < self.typingErrors { send.typingErrors = 1 }
                return send
            }
    }
}
