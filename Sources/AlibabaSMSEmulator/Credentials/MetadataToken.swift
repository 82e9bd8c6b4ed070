// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Crypto
import TextFormats

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Creates and validates tokens of the metadata service.
///
/// A token consists of an expiry and a message authentication code (MAC). Each emulator uses its own random key for the MAC.
struct MetadataToken: Sendable {
    /// The longest lifetime of a token in seconds.
    static let maximumLifetime = 21_600

    private let key = SymmetricKey(size: .bits256)

    /// Creates a token that expires at a date.
    func make(until date: Date) -> String {
        self.make(until: Int64(date.timeIntervalSince1970))
    }

    private func make(until time: Int64) -> String {
        let time = "\(time)"
        return "\(time).\(HMAC<SHA256>.authenticationCode(for: Array(time.utf8), using: self.key).hex)"
    }

    /// Returns whether a token was created by this emulator and has not expired.
    func isValid(_ token: String, at now: Date) -> Bool {
        guard
            let time = token.split(separator: ".").first.flatMap({ Int64($0) }),
            TimeInterval(time) > now.timeIntervalSince1970
        else { return false }
        // The expiry is compared as an integer, because a conversion through Date would round large numbers.
        return token == self.make(until: time)
    }
}
