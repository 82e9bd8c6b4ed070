// SPDX-License-Identifier: Apache-2.0

import OTP
import TextFormats

/// The names of the store's keys in Redis.
///
/// In the table, `otp` is the prefix, and `index` is the blind index (keyed hash) of a phone number. A cluster hashes only the
/// text in braces, so the prefix does not affect the hash slot of a key.
///
/// | key | value | TTL |
/// |---|---|---|
/// | `otp:{index}` | sends, failed attempts and live challenges of a phone number | at least until the data has no effect; at most 401 days |
/// | `otp:{clock}` | the ``ClockRecord``, which reveals a clock that was set back | 400 days, renewed by each clock check |
/// | `otp:{proof}:p` | a mark for a used proof | until a minute after the expiry of the proof |
/// | `otp:{index}:d` | the time of the last revocation of a phone number's device tokens | for 400 days and a minute after the revocation |
/// | `otp:{request}:r` | a mark for a request with an idempotency key | 2 minutes during the request, then an hour |
struct KeySchema: Sendable {
    private let opening: String

    /// The first part of the names of all keys.
    let prefix: String

    init(prefix: String) {
        self.prefix = prefix
        self.opening = prefix + ":{"
    }

    func number(_ number: PhoneNumberIndex) -> String {
        Base64URL.encode(number.bytes, after: self.opening, before: "}")
    }

    /// The key of the clock record.
    ///
    /// The key never belongs to a phone number, because a blind index has 22 characters.
    var clock: String { "\(self.opening)clock}" }

    /// Returns the key for the revocation of a phone number's device tokens.
    ///
    /// The key is in the same hash slot as the record of the phone number.
    func revocation(_ number: PhoneNumberIndex) -> String {
        Base64URL.encode(number.bytes, after: self.opening, before: "}:d")
    }

    func proof(_ proof: [UInt8]) -> String {
        Base64URL.encode(proof, after: self.opening, before: "}:p")
    }

    func request(_ request: [UInt8]) -> String {
        Base64URL.encode(request, after: self.opening, before: "}:r")
    }
}
