import Crypto
import Foundation
import SMSKit

/// What a code is bound to: it is right only for the same tenant, purpose, number, challenge and context.
struct CodeBinding: Sendable {
    var tenant: String
    var purpose: OTPPurpose
    var number: PhoneNumber
    var context: [UInt8] {
        didSet { self.contextHash = Self.hash(self.context) }
    }
    var challenge: ChallengeToken

    /// The hash of the context, which may be long; empty if there is no context.
    fileprivate private(set) var contextHash: [UInt8]

    init(tenant: String, purpose: OTPPurpose, number: PhoneNumber, context: [UInt8], challenge: ChallengeToken) {
        self.tenant = tenant
        self.purpose = purpose
        self.number = number
        self.context = context
        self.challenge = challenge
        self.contextHash = Self.hash(context)
    }

    private static func hash(_ context: [UInt8]) -> [UInt8] {
        context.isEmpty ? [] : Array(SHA256.hash(data: context))
    }

    private static let tokenlessCheck: [UInt8] = {
        var fields = FieldEncoding()
        fields.append("check")
        return fields.digest()
    }()

    /// The name and the check by which a store finds the challenge.
    ///
    /// The check needs the client's secret, so a stolen store does not tell what a code is for. A challenge without a token has
    /// no secret to protect it: its check says nothing, and only the authenticator binds its code.
    var reference: ChallengeReference {
        guard !self.challenge.isTokenless else {
            return ChallengeReference(id: self.challenge.storeID, check: Self.tokenlessCheck)
        }
        var fields = FieldEncoding()
        fields.append("check")
        self.challenge.withSecret { fields.append($0) }
        fields.append(self.tenant)
        fields.append(self.purpose.rawValue)
        fields.append(self.contextHash)
        return ChallengeReference(id: self.challenge.storeID, check: fields.digest())
    }
}

/// Hashes and seals codes, and nothing else.
///
/// It is a class so that a step holds it by one reference, and not by one for each of its states.
final class CodeKey: Sendable {
    let id: String
    let proofKey: ProofKey
    private let codeHash: KeyedHash
    private let sealHash: KeyedHash

    init(_ master: KeyRing.Key) {
        self.id = master.id
        self.codeHash = KeyedHash(key: master.derive("otp/v1/code"), prefix: "code", "1", master.id)
        self.sealHash = KeyedHash(key: master.derive("otp/v1/seal"), prefix: "seal", "1", master.id)
        self.proofKey = ProofKey(id: master.id, key: master.derive("otp/v1/proof"))
    }

    /// The keyed hash of a code.
    ///
    /// The client's secret is in it, so that store and key together do not confirm a attempt.
    func authenticator(of code: borrowing OneTimeCode, _ binding: CodeBinding) -> [UInt8] {
        var fields = FieldEncoding()
        fields.append(binding)
        binding.challenge.withSecret { fields.append($0) }
        fields.append(binding.contextHash)
        code.withBytes { fields.append($0) }
        return self.codeHash(fields)
    }

    /// Encrypts a code so that only the holder of the client's secret can have it sent once more.
    ///
    /// The code is added to a keyed hash of all that it is bound to. No two codes are added to the same hash: each challenge
    /// has an identifier and a secret drawn at random and, where codes are sealed, one code. The authenticator stands in for a
    /// tag, under a key of its own: a code that was changed does not fit it. A code is at most 32 bytes long.
    func seal(_ code: borrowing OneTimeCode, _ binding: CodeBinding) -> [UInt8] {
        let stream = self.stream(for: binding)
        return code.withBytes { code in zip(code, stream).map { $0 ^ $1 } }
    }

    /// Decrypts a code, for what it was made for and nothing else.
    ///
    /// - Returns: `nil` if the authenticator is not that of what was decrypted.
    func open(_ protected: ProtectedCode, _ binding: CodeBinding) -> OneTimeCode? {
        let code = OneTimeCode(bytes: zip(protected.sealed, self.stream(for: binding)).map { $0 ^ $1 })
        // Keys compare in constant time.
        let expected = SymmetricKey(data: self.authenticator(of: code, binding))
        guard expected == SymmetricKey(data: protected.authenticator) else { return nil }
        return code
    }

    /// 32 bytes for one challenge and all that it is bound to, of whose key the client's secret is half.
    private func stream(for binding: CodeBinding) -> [UInt8] {
        var fields = FieldEncoding()
        fields.append(binding)
        binding.challenge.withSecret { fields.append($0) }
        fields.append(binding.contextHash)
        return self.sealHash(fields)
    }
}

extension FieldEncoding {
    /// Adds what a code is bound to, but for the client's secret and the context.
    fileprivate mutating func append(_ binding: CodeBinding) {
        self.append(binding.tenant)
        self.append(binding.purpose.rawValue)
        self.append(binding.number.e164)
        self.append(binding.challenge.id)
    }
}
