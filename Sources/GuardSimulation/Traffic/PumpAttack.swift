// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SeededRandom
import SendGuard

/// The parameters of an SMS pumping attack: its phone numbers, addresses and speed.
///
/// In SMS pumping, fraudsters make a service send many messages, and earn a share of the price of the messages.
package struct PumpAttack: Sendable {
    /// The order in which the attack uses phone numbers.
    package enum Order: Sendable {
        /// Random phone numbers of the range.
        case random
        /// Consecutive phone numbers of the range.
        case consecutive
        /// Sequences of 100 phone numbers that differ only in their last two digits.
        case runs
        /// A given number of phone numbers, which are used in turn.
        case repeated(Int)
    }

    /// The ranges of the phone numbers.
    ///
    /// Consecutive requests use the ranges in turn.
    package var ranges: [NumberRange]

    /// The order of the phone numbers in each range.
    package var order = Order.random

    /// Whether each request comes from a different address, as with residential proxies.
    package var rotatesAddresses = true

    /// The number of requests.
    package let count: Int

    /// The number of seconds from the first request to the last.
    package let duration: Int

    /// The number of seconds after which a colluding carrier verifies each code; `nil` if no code is verified.
    package var verifiedAfter: Int?

    /// The number of wrong codes that the attacker types 5 seconds after each message.
    ///
    /// If ``verifiedAfter`` is set, the wrong codes are typed at that time instead, before the right code.
    package var guesses = 0

    /// Creates an attack.
    package init(_ ranges: [NumberRange], count: Int, duration: Int) {
        self.ranges = ranges
        self.count = count
        self.duration = duration
    }

    /// Returns the sends of the attack.
    ///
    /// Equal seeds yield equal sends.
    package func sends(seed: UInt64) -> [SimulatedSend] {
        var random = SplitMix64(seed: seed)
        var run = 0
        return (0..<self.count)
            .compactMap { position in
                let range = self.ranges[position % self.ranges.count]
                if position.isMultiple(of: 100) { run = Int.random(in: 0..<range.count, using: &random) / 100 * 100 }
                let text =
                    switch self.order {
                    case .random: range.random(using: &random)
                    case .consecutive: range.number(position)
                    case .runs: range.number(run + position % 100)
                    case .repeated(let numbers): range.number(position % numbers * 7_919)
                    }
                let address = self.rotatesAddresses ? UInt32.random(in: .min ... .max, using: &random) : 0xC000_0201
                guard let source = SourceAddress(ipv4: address) else { return nil }
                let time = self.duration * position / max(1, self.count - 1)
                var send = SimulatedSend(time: time, to: text, from: source, isAttack: true)
                send.answeredAfter = self.verifiedAfter ?? (self.guesses > 0 ? 5 : nil)
                send.isVerified = self.verifiedAfter != nil
                send.wrongCodes = self.guesses
                return send
            }
    }
}

extension SourceAddress {
    /// Creates an IPv4 address from its 32-bit number.
    init?(ipv4 number: UInt32) {
        self.init(bytes: (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) })
    }
}
