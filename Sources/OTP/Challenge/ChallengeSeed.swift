// SPDX-License-Identifier: Apache-2.0

import Redaction

/// The identifier and the secret of a challenge, for a request with an idempotency key.
///
/// An ``IdempotentRequest`` derives the seed from the request and from a random nonce. A seed must never be used for two
/// challenges. The code of a challenge is encrypted with a one-time pad that depends on the seed, and a pad must never encrypt
/// two codes.
package struct ChallengeSeed: Sendable {
    private let bytes: [UInt8]

    /// Creates a seed from 32 bytes.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Returns the token of the challenge for the given set of limits (``Lane``).
    func token(in lane: Lane) -> ChallengeToken {
        ChallengeToken(id: Array(self.bytes.prefix(16)), secret: Array(self.bytes.suffix(16)), lane: lane)
    }
}

extension ChallengeSeed: Redacted {
    /// A placeholder instead of the seed.
    package var description: String { "<redacted>" }
}
