// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import SMSKit

/// The values that a code is bound to.
///
/// The code can be verified only for the same tenant, purpose, number, challenge and context.
struct CodeBinding: Sendable {
    var tenant: String
    var purpose: OTPPurpose
    var number: PhoneNumber
    var context: ContextHash
    var challenge: ChallengeToken

    private static let tokenlessCheck: [UInt8] = {
        var fields = FieldEncoding()
        fields.append("check")
        return fields.digest()
    }()

    /// Returns the identifier of the challenge in a store, and the ``ChallengeReference/check`` that an attempt must match.
    ///
    /// The check is a hash of the client's secret, the tenant, the purpose and the context. Because of the secret, a stolen
    /// store does not reveal the purpose of a code.
    ///
    /// A tokenless challenge has no secret, so its check is a constant. The identifier of such a challenge depends on the
    /// tenant and the purpose. The context affects only the ``ProtectedCode/authenticator`` of the code.
    ///
    /// - Parameter epoch: The current ``ClockEpoch`` of the store.
    /// - Returns: The identifier and the check.
    func reference(in epoch: ClockEpoch) -> ChallengeReference {
        let id = self.challenge.storeID(in: epoch)
        guard !self.challenge.isTokenless else {
            return ChallengeReference(id: id, check: Self.tokenlessCheck)
        }
        var fields = FieldEncoding()
        fields.append("check")
        self.challenge.withSecret { fields.append($0) }
        fields.append(self.tenant)
        fields.append(self.purpose.rawValue)
        fields.append(self.context.bytes)
        return ChallengeReference(id: id, check: fields.digest())
    }
}

/// Authenticates and encrypts codes with one key.
final class CodeKey: Sendable {
    let id: String
    let proofKey: ProofKey
    let deviceKey: DeviceKey
    private let codeHash: KeyedHash
    private let sealHash: KeyedHash

    init(_ master: KeyRing.Key) {
        self.id = master.id
        self.codeHash = KeyedHash(key: master.derive("otp/v1/code"), prefix: "code", "1", master.id)
        self.sealHash = KeyedHash(key: master.derive("otp/v1/seal"), prefix: "seal", "1", master.id)
        self.proofKey = ProofKey(id: master.id, key: master.derive("otp/v1/proof"))
        self.deviceKey = DeviceKey(id: master.id, key: master.derive("otp/v1/device"))
    }

    /// Returns the form in which a store keeps a new code.
    ///
    /// - Parameters:
    ///   - code: The code.
    ///   - binding: The values that the code is bound to.
    ///   - sealed: Whether to include the encrypted code, so that the code can be sent again.
    /// - Returns: The keyed hash of the code, and the encrypted code if `sealed` is `true`.
    func protect(_ code: borrowing OneTimeCode, _ binding: CodeBinding, sealed: Bool) -> ProtectedCode {
        let fields = FieldEncoding(binding)
        return ProtectedCode(
            keyID: self.id,
            authenticator: self.authenticator(of: code, after: fields),
            sealed: sealed ? self.seal(code, fields) : []
        )
    }

    /// Returns the keyed hash of a code and of the values that the code is bound to.
    func authenticator(of code: borrowing OneTimeCode, _ binding: CodeBinding) -> [UInt8] {
        self.authenticator(of: code, after: FieldEncoding(binding))
    }

    private func authenticator(of code: borrowing OneTimeCode, after binding: consuming FieldEncoding) -> [UInt8] {
        var fields = binding
        code.withBytes { fields.append($0) }
        return self.codeHash(fields)
    }

    /// Encrypts a code, so that only a call with the client's secret can send the code again.
    ///
    /// The cipher is a one-time pad. The pad is a keyed hash of the values that the code is bound to, and is at least as long
    /// as the code. No pad is used twice, because each challenge has a random identifier, a random secret, and at most one
    /// encrypted code. The authenticator of the code also detects a changed ciphertext.
    private func seal(_ code: borrowing OneTimeCode, _ binding: FieldEncoding) -> [UInt8] {
        let pad = self.sealHash(binding)
        return code.withBytes { code in zip(code, pad).map { $0 ^ $1 } }
    }

    /// Decrypts an encrypted code.
    ///
    /// - Returns: The code, or `nil` if its keyed hash does not match, for example because the code is bound to values other
    ///   than `binding`.
    func open(_ protected: ProtectedCode, _ binding: CodeBinding) -> OneTimeCode? {
        let fields = FieldEncoding(binding)
        let code = OneTimeCode(bytes: zip(protected.sealed, self.sealHash(fields)).map { $0 ^ $1 })
        // `SymmetricKey` compares in constant time.
        let expected = SymmetricKey(data: self.authenticator(of: code, after: fields))
        guard expected == SymmetricKey(data: protected.authenticator) else { return nil }
        return code
    }
}

extension FieldEncoding {
    /// Encodes the values that a code is bound to.
    ///
    /// The one-time pad and the authenticator of a code are keyed hashes. The input of each hash begins with this encoding,
    /// which includes the client's secret. Therefore the store and the key are not sufficient to check an attempt or to decrypt
    /// a code.
    fileprivate init(_ binding: CodeBinding) {
        self.init()
        self.append(binding.tenant)
        self.append(binding.purpose.rawValue)
        self.append(binding.number.e164)
        self.append(binding.challenge.id)
        binding.challenge.withSecret { self.append($0) }
        self.append(binding.context.bytes)
    }
}
