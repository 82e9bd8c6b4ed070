// SPDX-License-Identifier: Apache-2.0

import SMSKit
import TextFormats

/// The text form of a ``VerificationProof``, which is a signed statement that a user controls a phone number.
///
/// A service that redeems the proof already knows the phone number, the purpose, the context and the audience. The text
/// therefore contains only the key ID, the identifiers of the challenge and the proof, the expiry, and the signature.
struct ProofToken {
    private static let version = "p2."

    var keyID: String
    var challengeID: [UInt8]
    var proofID: [UInt8]
    var expiry: StoreTime
    var signature: [UInt8]

    init(keyID: String, challengeID: [UInt8], proofID: [UInt8], expiry: StoreTime, signature: [UInt8]) {
        self.keyID = keyID
        self.challengeID = challengeID
        self.proofID = proofID
        self.expiry = expiry
        self.signature = signature
    }

    init?(_ text: String) {
        let fixed = 16 + 16 + 8 + 32
        let text = text.withoutBlankEnd
        guard
            text.hasPrefix(Self.version),
            let bytes = Base64URL.decode(text.dropFirst(Self.version.count)),
            (fixed + 1...fixed + 32).contains(bytes.count)
        else { return nil }
        self.challengeID = Array(bytes[0..<16])
        self.proofID = Array(bytes[16..<32])
        self.expiry = StoreTime(milliseconds: bytes[32..<40].reduce(0) { $0 << 8 | Int64($1) })
        self.signature = Array(bytes[40..<72])
        self.keyID = String(decoding: bytes[72...], as: UTF8.self)
    }

    var text: String {
        let expiry = (0..<8).reversed().map { UInt8(truncatingIfNeeded: self.expiry.milliseconds >> ($0 * 8)) }
        return Base64URL.encode(
            self.challengeID + self.proofID + expiry + self.signature + Array(self.keyID.utf8),
            after: Self.version
        )
    }
}
