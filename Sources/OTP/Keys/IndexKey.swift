import Crypto
import SMS

/// Makes the pseudonyms of numbers, and the identifiers of challenges that have no token.
struct IndexKey: Sendable {
    let id: String
    private let numberHash: KeyedHash
    private let tokenlessHash: KeyedHash

    init(_ master: KeyRing.Key) {
        self.id = master.id
        self.numberHash = KeyedHash(key: master.derive("otp/v1/number"))
        self.tokenlessHash = KeyedHash(key: master.derive("otp/v1/tokenless"))
    }

    /// The first 128 bits of a keyed hash: over a thousand million numbers, two collide with a probability of 1e-21.
    func index(of number: PhoneNumber) -> NumberIndex {
        var fields = FieldEncoding()
        fields.append("number")
        fields.append("1")
        fields.append(number.e164)
        return NumberIndex(bytes: Array(self.numberHash(fields).prefix(16)))
    }

    /// The one challenge of a number and purpose that is verified without a token: its secret is empty.
    func tokenlessChallenge(_ number: PhoneNumber, _ tenant: String, _ purpose: OTPPurpose) -> ChallengeToken {
        var fields = FieldEncoding()
        fields.append("tokenless")
        fields.append("1")
        fields.append(tenant)
        fields.append(purpose.rawValue)
        fields.append(number.e164)
        return ChallengeToken(id: Array(self.tokenlessHash(fields).prefix(16)), secret: [])
    }
}
