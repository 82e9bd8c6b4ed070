// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SeededRandom
import SendGuard

/// A shape of SMS pumping: which numbers are asked for, from where, and how fast.
package struct PumpAttack: Sendable {
    /// The name, as the report prints it.
    package let name: String

    /// The first digits of the numbers, in E.164 form with a plus sign.
    package let prefix: String

    /// The number of digits after the prefix.
    package let digits: Int

    /// Whether the numbers follow one another.
    package var isConsecutive = false

    /// Whether each request has its own address, as with residential proxies.
    package var rotatesAddresses = true

    /// The number of requests.
    package let count: Int

    /// The seconds from the first request to the last.
    package let duration: Int

    /// The seconds after which a colluding carrier verifies each code; `nil` if no code is verified.
    package var verifiedAfter: Int?

    /// Creates an attack.
    ///
    /// - Parameters:
    ///   - name: The name, as the report prints it.
    ///   - prefix: The first digits of the numbers, in E.164 form with a plus sign.
    ///   - digits: The number of digits after the prefix.
    ///   - count: The number of requests.
    ///   - duration: The seconds from the first request to the last.
    package init(_ name: String, prefix: String, digits: Int, count: Int, duration: Int) {
        self.name = name
        self.prefix = prefix
        self.digits = digits
        self.count = count
        self.duration = duration
    }

    /// The sends of the attack; equal seeds yield equal sends.
    package func sends(seed: UInt64) -> [SimulatedSend] {
        var random = SplitMix64(seed: seed)
        let range = (0..<self.digits).reduce(1) { product, _ in product * 10 }
        return (0..<self.count)
            .compactMap { position in
                let suffix = self.isConsecutive ? position % range : Int.random(in: 0..<range, using: &random)
                let digits = String(suffix + range).dropFirst()
                let address = self.rotatesAddresses ? UInt32.random(in: .min ... .max, using: &random) : 0xC000_0201
                guard let number = PhoneNumber(e164: self.prefix + digits), let source = SourceAddress(ipv4: address)
                else { return nil }
                return SimulatedSend(
                    time: self.duration * position / max(1, self.count - 1),
                    number: number,
                    source: source,
                    isAttack: true,
                    verifiedAfter: self.verifiedAfter
                )
            }
    }
}

extension SourceAddress {
    /// Creates an IPv4 address from its number.
    init?(ipv4 number: UInt32) {
        self.init(bytes: (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) })
    }
}
