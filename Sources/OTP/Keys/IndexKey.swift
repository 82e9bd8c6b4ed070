import Crypto
import SMS

/// Makes the pseudonyms of numbers, and the identifiers of challenges that have no token.
///
/// It is a class so that a step holds it by one reference, and not by one for each of its states.
final class IndexKey: Sendable {
    let id: String
    private let numberHash: KeyedHash
    private let tokenlessHash: KeyedHash

    init(_ master: KeyRing.Key) {
        self.id = master.id
        self.numberHash = KeyedHash(key: master.derive("otp/v1/number"), prefix: "number", "1")
        self.tokenlessHash = KeyedHash(key: master.derive("otp/v1/tokenless"), prefix: "tokenless", "1")
    }

    /// The first 128 bits of a keyed hash: over a thousand million numbers, two collide with a probability of 1e-21.
    func index(of number: PhoneNumber) -> NumberIndex {
        var fields = FieldEncoding()
        fields.append(number.e164)
        return NumberIndex(bytes: self.numberHash(fields, count: 16))
    }

    /// The one challenge of a number and purpose that is verified without a token: its secret is empty.
    func tokenlessChallenge(_ number: PhoneNumber, _ tenant: String, _ purpose: OTPPurpose) -> ChallengeToken {
        var fields = FieldEncoding()
        fields.append(tenant)
        fields.append(purpose.rawValue)
        fields.append(number.e164)
        return ChallengeToken(id: self.tokenlessHash(fields, count: 16), secret: [])
    }
}
