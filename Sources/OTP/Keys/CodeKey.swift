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

/// Hashes and seals codes, and nothing else.
struct CodeKey: Sendable {
    let id: String
    let proofKey: ProofKey
    private let codeHash: KeyedHash
    private let sealHash: KeyedHash

    init(_ master: KeyRing.Key) {
        self.id = master.id
        self.codeHash = KeyedHash(key: master.derive("otp/v1/code"))
        self.sealHash = KeyedHash(key: master.derive("otp/v1/seal"))
        self.proofKey = ProofKey(id: master.id, key: master.derive("otp/v1/proof"))
    }

    /// The keyed hash of a code.
    ///
    /// The client's secret is in it, so that store and key together do not confirm a guess.
    func authenticator(of code: borrowing OneTimeCode, _ binding: CodeBinding) -> [UInt8] {
        var fields = self.fields("code", binding)
        binding.challenge.withSecret { fields.append($0) }
        fields.append(context: binding.context)
        code.withBytes { fields.append($0) }
        return self.codeHash(fields)
    }

    /// Encrypts a code so that only the holder of the client's secret can have it sent once more.
    func seal(_ code: borrowing OneTimeCode, _ binding: CodeBinding, nonce: [UInt8]) throws -> [UInt8] {
        let box = try code.withBytes { bytes in
            try AES.GCM.seal(bytes, using: self.sealKey(for: binding), nonce: AES.GCM.Nonce(data: nonce))
        }
        return box.combined.map(Array.init) ?? []
    }

    /// Decrypts a code, for what it was made for and nothing else.
    func open(_ sealed: [UInt8], _ binding: CodeBinding) throws -> OneTimeCode {
        let box = try AES.GCM.SealedBox(combined: sealed)
        return OneTimeCode(bytes: try AES.GCM.open(box, using: self.sealKey(for: binding)))
    }

    private func fields(_ use: String, _ binding: CodeBinding) -> FieldEncoding {
        var fields = FieldEncoding()
        fields.append(use)
        fields.append("1")
        fields.append(self.id)
        fields.append(binding.tenant)
        fields.append(binding.purpose.rawValue)
        fields.append(binding.number)
        fields.append(binding.challenge.id)
        return fields
    }

    /// A key for one challenge and all that it is bound to, of which the client's secret is half.
    private func sealKey(for binding: CodeBinding) -> SymmetricKey {
        var fields = self.fields("seal", binding)
        binding.challenge.withSecret { fields.append($0) }
        fields.append(context: binding.context)
        return SymmetricKey(data: self.sealHash(fields))
    }
}

extension FieldEncoding {
    /// Adds the hash of a context, which may be long, or nothing if there is none.
    fileprivate mutating func append(context: [UInt8]) {
        self.append(context.isEmpty ? [] : Array(SHA256.hash(data: context)))
    }
}
