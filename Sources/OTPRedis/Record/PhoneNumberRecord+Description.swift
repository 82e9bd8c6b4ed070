// SPDX-License-Identifier: Apache-2.0

import JSONOutput
import OTP

extension PhoneNumberRecord: CustomStringConvertible {
    /// The content of the record as lines of text, without secrets.
    package var description: String {
        var lines = [
            "version \(RecordLayout.version)",
            "sends: \(self.sendTimes.count) recorded, cooldown step \(self.cooldownStep)",
        ]
        lines += self.sendTimes.map { "  at \($0.text)" }
        let last = self.lastRefusal.map { ", last at \($0.text)" } ?? ""
        lines.append("refused sends: \(self.refusedSends) consecutive\(last)")
        lines.append("failed attempts: \(self.failureTimes.count) recorded, streak \(self.failureStreak)")
        lines += self.failureTimes.map { "  at \($0.text)" }
        lines.append("challenges: \(self.challenges.count)")
        lines += self.challenges.map { "  \($0)" }
        return lines.joined(separator: "\n")
    }
}

extension PhoneNumberRecord.Challenge: CustomStringConvertible {
    /// A description of the challenge in one line.
    package var description: String {
        let expiry = self.expiresAt.map { "expires at \($0.text)" } ?? "invalidated"
        return "\(self.attemptsRemaining) attempts remaining, \(self.attemptsMade) made, sends: \(self.sends), "
            + "\(expiry), key '\(self.keyID)', \(self.hasSealedCode ? "sealed code" : "no sealed code")"
    }
}

extension StoreTime {
    /// The time in UTC as RFC 3339.
    var text: String { self.date.rfc3339 }
}
