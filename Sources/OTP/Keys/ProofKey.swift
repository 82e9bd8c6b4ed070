// SPDX-License-Identifier: Apache-2.0

import Crypto
import SMSKit

/// Signs proofs of verification with one key.
struct ProofKey: Sendable {
    let id: String
    private let hash: KeyedHash

    /// The hash of an empty input, for the signature of a proof without a context.
    private static let hashOfNoContext = Array(SHA256.hash(data: [UInt8]()))

    init(id: String, key: SymmetricKey) {
        self.id = id
        self.hash = KeyedHash(key: key, prefix: "proof", "2", id)
    }

    /// The clock that determines when a proof expires.
    ///
    /// No cases will be added.
    enum ExpiryClock: Sendable {
        /// The clock of the signing service's proof store; the proof is valid only in the given ``ClockEpoch``.
        case own(ClockEpoch)
        /// The clock of the redeeming service, whose ``ClockEpoch`` the signing service does not know.
        case other
    }

    /// The values that the signature of a proof covers.
    struct Claims: Sendable {
        var tenant: String
        var audience: ProofAudience
        var purpose: OTPPurpose
        var number: PhoneNumber
        var context: ContextHash
        var challengeID: [UInt8]
        var proofID: [UInt8]
        var expiry: StoreTime
        var clock: ExpiryClock
    }

    func sign(_ claims: Claims) -> [UInt8] {
        self.hash(self.encode(claims))
    }

    func isValid(_ signature: [UInt8], of claims: Claims) -> Bool {
        // `SymmetricKey` compares in constant time.
        SymmetricKey(data: self.hash(self.encode(claims))) == SymmetricKey(data: signature)
    }

    private func encode(_ claims: Claims) -> FieldEncoding {
        var fields = FieldEncoding()
        fields.append(claims.tenant)
        fields.append(claims.audience.rawValue)
        fields.append(claims.purpose.rawValue)
        fields.append(claims.number.e164)
        fields.append(claims.context.isEmpty ? Self.hashOfNoContext : claims.context.bytes)
        fields.append(claims.challengeID)
        fields.append(claims.proofID)
        fields.append(String(claims.expiry.milliseconds))
        switch claims.clock {
        case .own(let epoch): fields.append(epoch)
        case .other: fields.append("other")
        }
        return fields
    }
}
