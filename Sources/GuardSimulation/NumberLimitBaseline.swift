// SPDX-License-Identifier: Apache-2.0

import SMSKit

/// The baseline: only the limits of each number, 1 message a minute, 5 an hour and 10 a day.
package struct NumberLimitBaseline: Sendable {
    private static let windows = [(count: 1, seconds: 60), (count: 5, seconds: 3_600), (count: 10, seconds: 86_400)]

    /// Creates the baseline.
    package init() {}

    /// Returns the number of an attacker's messages that these limits let through.
    package func attackSends(_ sends: [SimulatedSend]) -> Int {
        var history: [String: [Int]] = [:]
        var count = 0
        for send in sends.sorted(by: { $0.time < $1.time }) where send.isAttack {
            let times = history[send.number.e164, default: []]
            let isFull = Self.windows.contains { window in
                times.count { $0 > send.time - window.seconds } >= window.count
            }
            guard !isFull else { continue }
            history[send.number.e164] = times.suffix(9) + [send.time]
            count += 1
        }
        return count
    }
}
