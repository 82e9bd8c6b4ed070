// SPDX-License-Identifier: Apache-2.0

import Redaction

/// The identifier and the secret of a challenge that a request with an idempotency key creates.
///
/// Both are derived from the request. A seed must never be used for two challenges, because the same one-time pad could then
/// encrypt two codes.
package struct ChallengeSeed: Sendable {
    private let bytes: [UInt8]

    /// Creates a seed from 32 bytes.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Returns the token of the challenge.
    func token(in lane: Lane) -> ChallengeToken {
        ChallengeToken(id: Array(self.bytes.prefix(16)), secret: Array(self.bytes.suffix(16)), lane: lane)
    }
}

extension ChallengeSeed: Redacted {
    /// A placeholder instead of the seed.
    package var description: String { "<redacted>" }
}
