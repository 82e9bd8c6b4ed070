// SPDX-License-Identifier: Apache-2.0

import SMSKit
import Synchronization
import TextFormats

/// Creates invented receipts for messages that the guard silently drops.
///
/// An invented receipt has the form of the gateway's last receipt, but with random digits and letters. Therefore an attacker
/// who sees the receipts cannot detect which messages were dropped.
final class ShadowReceipts: Sendable {
    private let last = Mutex<SMSReceipt?>(nil)

    /// Stores a real receipt, whose form the invented receipts imitate.
    func learn(_ receipt: SMSReceipt) {
        self.last.withLock { $0 = receipt }
    }

    /// Returns an invented receipt.
    func makeReceipt(using random: inout Randomness.Numbers) -> SMSReceipt {
        guard let last = self.last.withLock({ $0 }) else {
            return SMSReceipt(messageID: Base64URL.encode(random.bytes(12)))
        }
        return SMSReceipt(
            messageID: Self.imitation(of: last.messageID, using: &random),
            segments: last.segments,
            requestID: last.requestID.map { Self.imitation(of: $0, using: &random) }
        )
    }

    private static func imitation(of text: String, using random: inout Randomness.Numbers) -> String {
        let isHexadecimal = text.utf8.allSatisfy { !$0.isASCIILetter || $0.hexDigitValue != nil }
        let letters = isHexadecimal ? 6 : 26
        let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar {
            case "0"..."9": self.scalar(after: "0", below: 10, using: &random)
            case "a"..."z": self.scalar(after: "a", below: letters, using: &random)
            case "A"..."Z": self.scalar(after: "A", below: letters, using: &random)
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }

    private static func scalar(
        after first: Unicode.Scalar,
        below count: Int,
        using random: inout Randomness.Numbers
    ) -> Unicode.Scalar {
        Unicode.Scalar(UInt8(truncatingIfNeeded: first.value) + UInt8(Int.random(in: 0..<count, using: &random)))
    }
}
