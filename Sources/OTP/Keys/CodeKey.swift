import Crypto
import Foundation

/// What a code is bound to: it is right only for the same tenant, purpose, number, challenge and context.
struct CodeBinding: Sendable {
    var tenant: String
    var purpose: OTPPurpose
    var number: String
    var context: [UInt8]
    var challenge: ChallengeToken
}

/// Hashes and seals codes, and makes the identifiers of challenges that have no token; it does nothing else.
struct CodeKey: Sendable {
    let id: String
    let proofKey: ProofKey
    private let codeKey: SymmetricKey
    private let sealKey: SymmetricKey

    init(_ master: KeyRing.Key) {
        func derive(_ label: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(inputKeyMaterial: master.secret, info: Array(label.utf8), outputByteCount: 32)
        }
        self.id = master.id
        self.codeKey = derive("otp/v1/code")
        self.sealKey = derive("otp/v1/seal")
        self.proofKey = ProofKey(id: master.id, key: derive("otp/v1/proof"))
    }

    /// The keyed hash of a code. The client's secret is in it, so that store and key together do not confirm a guess.
    func authenticator(of code: borrowing OneTimeCode, _ binding: CodeBinding) -> [UInt8] {
        var fields = FieldEncoding()
        fields.append("code")
        fields.append("1")
        fields.append(self.id)
        fields.append(binding.tenant)
        fields.append(binding.purpose.rawValue)
        fields.append(binding.number)
        fields.append(binding.challenge.id)
        binding.challenge.withSecret { fields.append($0) }
        fields.append(SHA256.hash(data: binding.context))
        code.withBytes { fields.append($0) }
        return Array(HMAC<SHA256>.authenticationCode(for: fields.bytes, using: self.codeKey))
    }

    /// Encrypts a code so that only the holder of the client's secret can have it sent once more.
    func seal(_ code: borrowing OneTimeCode, for challenge: ChallengeToken, nonce: [UInt8]) throws -> [UInt8] {
        let box = try code.withBytes { bytes in
            try AES.GCM.seal(
                bytes,
                using: self.key(for: challenge),
                nonce: AES.GCM.Nonce(data: nonce),
                authenticating: challenge.id
            )
        }
        return box.combined.map(Array.init) ?? []
    }

    /// Decrypts a code.
    func open(_ sealed: [UInt8], for challenge: ChallengeToken) throws -> OneTimeCode {
        let box = try AES.GCM.SealedBox(combined: sealed)
        let bytes = try AES.GCM.open(box, using: self.key(for: challenge), authenticating: challenge.id)
        return OneTimeCode(bytes: bytes)
    }

    private func key(for challenge: ChallengeToken) -> SymmetricKey {
        challenge.withSecret { secret in
            HKDF<SHA256>.deriveKey(inputKeyMaterial: self.sealKey, salt: secret, info: challenge.id, outputByteCount: 32)
        }
    }
}
